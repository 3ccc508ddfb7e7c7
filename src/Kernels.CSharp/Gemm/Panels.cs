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
        int lanes = sizeof(V) / sizeof(T);
        T* block = stackalloc T[4 * lanes];
        int k = 0;
        for (; rows == 4 && k + lanes <= depth; k += lanes)
        {
            T* packed = step == 4 ? to + 4 * k : block;
            Interleave(from + k, stride, packed, lanes);
            for (int i = 0; i < lanes && step != 4; i++)
                *(Four<T>*)(to + (k + i) * step) = *(Four<T>*)(block + 4 * i);
        }

        for (; k < depth; k++)
        for (int r = 0; r < 4; r++)
            to[k * step + r] = from[(r < rows ? r * stride : 0) + k];
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
                Interleave(row, 4 * stride, block + i * 4 * lanes, lanes);
            }

            for (int i = 0; i < 4; i++)
                Interleave(block + i * lanes, 4 * lanes, to + (k + 4 * i) * step, step);
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
    private static void Interleave(T* rows, nint stride, T* to, nint step)
    {
        V row0 = TLanes.Load(rows);
        V row1 = TLanes.Load(rows + stride);
        V row2 = TLanes.Load(rows + 2 * stride);
        V row3 = TLanes.Load(rows + 3 * stride);
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
