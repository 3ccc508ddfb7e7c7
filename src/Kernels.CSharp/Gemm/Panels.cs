using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>A strip of an operand as register tiles read it, packed or in place.</summary>
/// <param name="Start">the values for the first k.</param>
/// <param name="Step">elements from one k to the next.</param>
/// <param name="QuadStep">elements from one quad of rows to the quad below; left operands only.</param>
internal readonly unsafe struct Panel<T>(T* start, nint step, nint quadStep = 0)
    where T : unmanaged
{
    public T* Start { get; } = start;
    public nint Step { get; } = step;
    public nint QuadStep { get; } = quadStep;
}

/// <summary>The left operand of a product: gives the strip of up to three quads of rows, k from <c>k</c> on.</summary>
internal unsafe interface ILeft<T>
    where T : unmanaged
{
    /// <param name="buffer">room for <c>4 · quads · depth</c> elements, used when the strip must be packed.</param>
    Panel<T> Read(int row, int rows, int k, int depth, T* buffer);
}

/// <summary>The right operand of a product: gives the strip of <c>columns</c> columns, padded to <c>width</c>.</summary>
internal unsafe interface IRight<T>
    where T : unmanaged
{
    /// <param name="buffer">room for <c>width · depth</c> elements, used when the strip must be packed.</param>
    Panel<T> Read(int column, int columns, int width, int k, int depth, T* buffer);
}

/// <summary>Copies parts of matrices into strips. What pads a strip may be anything: its products are dropped.</summary>
internal static unsafe class Packing<TLanes, T, V>
    where TLanes : ILanes<T, V>
    where T : unmanaged
    where V : unmanaged
{
    /// <summary>Packs up to four rows, <c>to[k·step + r] = from[r·stride + k]</c>; the first row stands in for missing ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quad(T* from, nint stride, int rows, int depth, T* to, nint step)
    {
        T* row0 = from;
        T* row1 = rows > 1 ? from + stride : from;
        T* row2 = rows > 2 ? from + 2 * stride : from;
        T* row3 = rows > 3 ? from + 3 * stride : from;
        int lanes = sizeof(V) / sizeof(T);
        T* block = stackalloc T[4 * lanes];
        int k = 0;
        for (; k + lanes <= depth; k += lanes)
        {
            T* packed = step == 4 ? to + 4 * k : block;
            Interleave(TLanes.Load(row0 + k), TLanes.Load(row1 + k), TLanes.Load(row2 + k), TLanes.Load(row3 + k), packed);
            if (step == 4)
                continue;
            for (int i = 0; i < lanes; i++)
                *(Four<T>*)(to + (k + i) * step) = *(Four<T>*)(block + 4 * i);
        }

        for (; k < depth; k++)
        {
            T* packed = to + k * step;
            packed[0] = row0[k];
            packed[1] = row1[k];
            packed[2] = row2[k];
            packed[3] = row3[k];
        }
    }

    /// <summary>Packs rows of columns, <c>to[k·width + c] = from[k·stride + c]</c>, and zeros after the last column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows(T* from, nint stride, int columns, int depth, T* to, int width)
    {
        int lanes = sizeof(V) / sizeof(T);
        for (int k = 0; k < depth; k++)
        {
            int c = 0;
            for (; c + lanes <= columns; c += lanes)
                TLanes.Store(to + c, TLanes.Load(from + c));
            for (; c < columns; c++)
                to[c] = from[c];
            for (; c < width; c++)
                to[c] = default;
            from += stride;
            to += width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave(V row0, V row1, V row2, V row3, T* to)
    {
        int lanes = sizeof(V) / sizeof(T);
        V even = TLanes.ZipLow(row0, row2);
        V odd = TLanes.ZipLow(row1, row3);
        TLanes.Store(to, TLanes.ZipLow(even, odd));
        TLanes.Store(to + lanes, TLanes.ZipHigh(even, odd));
        even = TLanes.ZipHigh(row0, row2);
        odd = TLanes.ZipHigh(row1, row3);
        TLanes.Store(to + 2 * lanes, TLanes.ZipLow(even, odd));
        TLanes.Store(to + 3 * lanes, TLanes.ZipHigh(even, odd));
    }
}

/// <summary>Four elements moved at once.</summary>
[InlineArray(4)]
internal struct Four<T>
    where T : unmanaged
{
    private T _first;
}
