using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>A strip of an operand as register tiles read it, packed or in place.</summary>
/// <typeparam name="T">the element.</typeparam>
internal readonly unsafe struct Panel<T>
    where T : unmanaged
{
    /// <summary>The values for the first k.</summary>
    public required T* Start { get; init; }

    /// <summary>Elements from one k to the next.</summary>
    public nint Step { get; init; }

    /// <summary>Elements from one quad of rows to the quad below; left operands only.</summary>
    public nint QuadStep { get; init; }

    /// <summary>Elements from the start to each k, where the step is not constant; right operands only.</summary>
    public nint* Offsets { get; init; }

    /// <summary>A packed strip of rows: one quad after the other.</summary>
    public static Panel<T> OfQuads(T* buffer, int depth) =>
        new()
        {
            Start = buffer,
            Step = 4,
            QuadStep = 4 * depth,
        };
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
    /// <summary>Packs four rows that are stored along k, <c>to[k·step + r] = row_r[k]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quad(T* row0, T* row1, T* row2, T* row3, int depth, T* to, nint step)
    {
        int lanes = sizeof(V) / sizeof(T);
        T* block = stackalloc T[4 * lanes];
        int k = 0;
        for (; k + lanes <= depth; k += lanes)
        {
            T* packed = step == 4 ? to + 4 * k : block;
            Interleave(row0 + k, row1 + k, row2 + k, row3 + k, packed, lanes);
            for (int i = 0; i < lanes && step != 4; i++)
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

    /// <summary>Packs up to four rows that lie <paramref name="stride"/> apart; the first stands in for missing ones.</summary>
    public static void Quad(T* rows, nint stride, int count, int depth, T* to, nint step)
    {
        T* row1 = count > 1 ? rows + stride : rows;
        T* row2 = count > 2 ? rows + 2 * stride : rows;
        T* row3 = count > 3 ? rows + 3 * stride : rows;
        Quad(rows, row1, row2, row3, depth, to, step);
    }

    /// <summary>Packs a vector's worth of columns that are stored as rows, where that is four quads of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FourQuads(T* from, nint stride, int depth, T* to, nint step)
    {
        const int lanes = 16;
        T* block = stackalloc T[lanes * lanes];
        int k = 0;
        for (; k + lanes <= depth; k += lanes)
        {
            // Rows four apart first: the second round puts them in order.
            for (int i = 0; i < 4; i++)
            {
                T* row = from + i * stride + k;
                Interleave(row, row + 4 * stride, row + 8 * stride, row + 12 * stride, block + i * 4 * lanes, lanes);
            }

            for (int i = 0; i < 4; i++)
            {
                T* part = block + i * lanes;
                Interleave(part, part + 4 * lanes, part + 8 * lanes, part + 12 * lanes, to + (k + 4 * i) * step, step);
            }
        }

        for (int i = 0; i < 4 && k < depth; i++)
            Quad(from + 4 * i * stride + k, stride, 4, depth - k, to + k * step + 4 * i, step);
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

    /// <summary>Reads a vector of each of four rows and writes the elements in turn, row by row within a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave(T* from0, T* from1, T* from2, T* from3, T* to, nint step)
    {
        V row0 = TLanes.Load(from0);
        V row1 = TLanes.Load(from1);
        V row2 = TLanes.Load(from2);
        V row3 = TLanes.Load(from3);
        V even = TLanes.ZipLow(row0, row2);
        V odd = TLanes.ZipLow(row1, row3);
        TLanes.Store(to, TLanes.ZipLow(even, odd));
        TLanes.Store(to + step, TLanes.ZipHigh(even, odd));
        even = TLanes.ZipHigh(row0, row2);
        odd = TLanes.ZipHigh(row1, row3);
        TLanes.Store(to + 2 * step, TLanes.ZipLow(even, odd));
        TLanes.Store(to + 3 * step, TLanes.ZipHigh(even, odd));
    }
}

/// <summary>Four elements moved at once.</summary>
[InlineArray(4)]
internal struct Four<T>
    where T : unmanaged
{
    private T _first;
}
