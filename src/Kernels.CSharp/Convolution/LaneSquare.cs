using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>Transposes squares of as many rows as a vector has elements, between rows that may lie anywhere.</summary>
internal static unsafe class LaneSquare<TLanes, T, V>
    where TLanes : ILanes<T, V>
    where T : unmanaged
    where V : unmanaged
{
    /// <summary>Rows and columns of a square.</summary>
    public static int Side => sizeof(V) / sizeof(T);

    /// <summary><c>to[j][toStart + i] = from[i][fromStart + j]</c></summary>
    /// <param name="block">room for a square.</param>
    /// <remarks>
    /// Each round puts elements of rows half a square apart next to each other; after log₂ of the side the square is transposed.
    /// Two rounds at a time pass through registers; where their number is odd, one goes before.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(T** from, nint fromStart, T** to, nint toStart, T* block)
    {
        int quarter = Side / 4;
        if (Side == 2)
        {
            Two(from[0] + fromStart, from[1] + fromStart, to[0] + toStart, to[1] + toStart);
        }
        else if (Side == 4)
        {
            Four(from[0] + fromStart, from[1] + fromStart, from[2] + fromStart, from[3] + fromStart, to, toStart);
        }
        else
        {
            if (Side == 8)
                for (int i = 0; i < 4; i++)
                    Two(from[i] + fromStart, from[i + 4] + fromStart, block + 2 * i * Side, block + (2 * i + 1) * Side);
            else
                for (int i = 0; i < quarter; i++)
                {
                    T** rows = from + i;
                    T* to0 = block + 4 * i * Side;
                    Four(
                        rows[0] + fromStart,
                        rows[quarter] + fromStart,
                        rows[2 * quarter] + fromStart,
                        rows[3 * quarter] + fromStart,
                        to0,
                        to0 + Side,
                        to0 + 2 * Side,
                        to0 + 3 * Side
                    );
                }

            for (int i = 0; i < quarter; i++)
            {
                T* row = block + i * Side;
                Four(row, row + quarter * Side, row + 2 * quarter * Side, row + 3 * quarter * Side, to + 4 * i, toStart);
            }
        }
    }

    private static void Four(T* row0, T* row1, T* row2, T* row3, T** to, nint start) =>
        Four(row0, row1, row2, row3, to[0] + start, to[1] + start, to[2] + start, to[3] + start);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(T* row0, T* row1, T* row2, T* row3, T* to0, T* to1, T* to2, T* to3)
    {
        V v0 = TLanes.Load(row0);
        V v1 = TLanes.Load(row1);
        V v2 = TLanes.Load(row2);
        V v3 = TLanes.Load(row3);
        V even = TLanes.ZipLow(v0, v2);
        V odd = TLanes.ZipLow(v1, v3);
        TLanes.Store(to0, TLanes.ZipLow(even, odd));
        TLanes.Store(to1, TLanes.ZipHigh(even, odd));
        even = TLanes.ZipHigh(v0, v2);
        odd = TLanes.ZipHigh(v1, v3);
        TLanes.Store(to2, TLanes.ZipLow(even, odd));
        TLanes.Store(to3, TLanes.ZipHigh(even, odd));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Two(T* row0, T* row1, T* to0, T* to1)
    {
        V v0 = TLanes.Load(row0);
        V v1 = TLanes.Load(row1);
        TLanes.Store(to0, TLanes.ZipLow(v0, v1));
        TLanes.Store(to1, TLanes.ZipHigh(v0, v1));
    }
}
