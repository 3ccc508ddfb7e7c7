using System.Numerics;
using System.Runtime.CompilerServices;

namespace Functional.Kernels.Tile;

/// <summary>Fills a register from a view that is neither contiguous nor scalar: a run of the innermost axis at a time.</summary>
internal sealed unsafe class StridedStep<R, T>(int to, int from, TileView view) : TileStep
    where R : struct, IStridedRun<T>
    where T : unmanaged, INumber<T>
{
    private readonly long[] _shape = view.Shape;
    private readonly long[] _strides = view.Strides;

    public override void Run(byte** at, long start, int length)
    {
        int rank = _shape.Length;
        long* index = stackalloc long[rank];
        long element = view.Offset + Locate(start, index);
        byte* source = from < 0 ? null : at[from];
        var result = (T*)at[to];
        int inner = rank - 1;
        while (true)
        {
            int count = (int)Math.Min(length, _shape[inner] - index[inner]);
            R.Fill(result, (T*)source, element, _strides[inner], count);
            length -= count;
            if (length == 0)
                return;
            result += count;
            element -= index[inner] * _strides[inner];
            index[inner] = 0;
            element += Advance(index, inner - 1);
        }
    }

    /// <summary>Sets the index of element <paramref name="start"/> and returns how far it lies from the first in the buffer.</summary>
    private long Locate(long start, long* index)
    {
        long distance = 0;
        for (int axis = _shape.Length - 1; axis >= 0; axis--)
        {
            (start, index[axis]) = Math.DivRem(start, _shape[axis]);
            distance += index[axis] * _strides[axis];
        }
        return distance;
    }

    /// <summary>Moves to the next index of the axes up to <paramref name="axis"/>, as an odometer, and returns the distance moved.</summary>
    private long Advance(long* index, int axis)
    {
        long distance = 0;
        for (; axis >= 0; axis--)
        {
            distance += _strides[axis];
            if (++index[axis] < _shape[axis])
                break;
            distance -= _shape[axis] * _strides[axis];
            index[axis] = 0;
        }
        return distance;
    }
}

/// <summary>How elements <paramref name="element"/>, <paramref name="element"/> + stride, ... of a buffer become values.</summary>
internal unsafe interface IStridedRun<T>
    where T : unmanaged, INumber<T>
{
    static abstract void Fill(T* to, T* buffer, long element, long stride, int count);
}

/// <summary>The elements themselves.</summary>
internal readonly unsafe struct ElementRun<T> : IStridedRun<T>
    where T : unmanaged, INumber<T>
{
    public static void Fill(T* to, T* buffer, long element, long stride, int count)
    {
        T* from = buffer + element;
        if (stride == 1)
            Unsafe.CopyBlockUnaligned(to, from, (uint)(count * sizeof(T)));
        else if (stride == 0)
            new Span<T>(to, count).Fill(*from);
        else
            for (int i = 0; i < count; i++)
                to[i] = from[i * stride];
    }
}

/// <summary>The numbers of the elements, without reading them.</summary>
internal readonly unsafe struct IndexRun<T> : IStridedRun<T>
    where T : unmanaged, INumber<T>
{
    public static void Fill(T* to, T* buffer, long element, long stride, int count)
    {
        for (int i = 0; i < count; i++)
            to[i] = T.CreateTruncating(element + i * stride);
    }
}
