using System.Runtime.CompilerServices;
using Functional.Kernels.Simd;

namespace Functional.Kernels;

/// <summary>
/// Windows of 2 × 2 that neither overlap nor leave gaps, as many at once as a vector has lanes: the widest vectors that a row of windows
/// fills.
/// </summary>
internal abstract unsafe class MaxQuads
{
    /// <summary>output = the element of <paramref name="values"/> at the maximum of each window of <paramref name="x"/>, for one plane.</summary>
    public abstract void Pick(byte* x, byte* values, byte* output);

    /// <summary>target = the element of <paramref name="values"/> at the maximum of each window of <paramref name="x"/> and 0 elsewhere in windows, for one plane.</summary>
    public abstract void Place(byte* x, byte* values, byte* target);

    /// <summary>The code for a shape that has such windows, a vector of them in each row; none for others.</summary>
    public static MaxQuads? For(ElementType type, in PoolShape shape) =>
        shape.Height.IsPairs && shape.Width.IsPairs && shape.Width.Windows * type.Size() >= 16
            ? VectorWidth.Choose<MaxQuads, Maker>(type, new(shape), shape.Width.Windows)
            : null;

    private readonly record struct Maker(PoolShape Shape) : IForVector<MaxQuads>
    {
        public MaxQuads With<V>()
            where V : unmanaged, IVector<V> => new MaxQuads<V>(Shape);
    }
}

/// <summary>The windows of one shape in one type of vector.</summary>
internal sealed unsafe class MaxQuads<V>(PoolShape shape) : MaxQuads
    where V : unmanaged, IVector<V>
{
    private static readonly int Size = sizeof(V) / V.Lanes;

    private readonly int _rows = shape.Height.Windows;
    private readonly int _windows = shape.Width.Windows;
    private readonly nint _line = (nint)shape.Width.Length * Size;

    public override void Pick(byte* x, byte* values, byte* output)
    {
        for (int row = 0; row < _rows; row++)
        {
            PickRow(x, values, output);
            x += 2 * _line;
            values += 2 * _line;
            output += (nint)_windows * Size;
        }
    }

    public override void Place(byte* x, byte* values, byte* target)
    {
        for (int row = 0; row < _rows; row++)
        {
            PlaceRow(x, values, target);
            x += 2 * _line;
            values += (nint)_windows * Size;
            target += 2 * _line;
        }
    }

    private void PickRow(byte* x, byte* values, byte* output)
    {
        for (int i = 0; i < _windows; i += V.Lanes)
        {
            nint at = At(i);
            Choice choice = Choose((V*)(x + 2 * at), (V*)(x + 2 * at + _line));
            if (values == x)
            {
                *(V*)(output + at) = choice.Maximum;
                continue;
            }
            V* upper = (V*)(values + 2 * at);
            V* lower = (V*)(values + 2 * at + _line);
            V first = V.Select(choice.Second, V.Odd(upper[0], upper[1]), V.Even(upper[0], upper[1]));
            V second = V.Select(choice.Fourth, V.Odd(lower[0], lower[1]), V.Even(lower[0], lower[1]));
            *(V*)(output + at) = V.Select(choice.Third | choice.Fourth, second, first);
        }
    }

    private void PlaceRow(byte* x, byte* values, byte* target)
    {
        for (int i = 0; i < _windows; i += V.Lanes)
        {
            nint at = At(i);
            Choice choice = Choose((V*)(x + 2 * at), (V*)(x + 2 * at + _line));
            V value = *(V*)(values + at);
            Store(value & ~(choice.Second | choice.Third | choice.Fourth), value & choice.Second, (V*)(target + 2 * at));
            Store(value & choice.Third, value & choice.Fourth, (V*)(target + 2 * at + _line));
        }
    }

    /// <summary>Where a vector of windows begins. The last one ends where the row ends and repeats some windows.</summary>
    private nint At(int window) => (nint)Math.Min(window, _windows - V.Lanes) * Size;

    /// <summary>All bits set in a lane where the maximum is at that place; it is at the first place where none of these is.</summary>
    private readonly record struct Choice(V Maximum, V Second, V Third, V Fourth);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Choice Choose(V* upper, V* lower)
    {
        V best = V.Even(upper[0], upper[1]);
        V x01 = V.Odd(upper[0], upper[1]);
        V x10 = V.Even(lower[0], lower[1]);
        V x11 = V.Odd(lower[0], lower[1]);
        V second = FirstMaximum.BeatsByLane(x01, best);
        best = V.Select(second, x01, best);
        V third = FirstMaximum.BeatsByLane(x10, best);
        best = V.Select(third, x10, best);
        V fourth = FirstMaximum.BeatsByLane(x11, best);
        third &= ~fourth;
        return new Choice(V.Select(fourth, x11, best), second & ~(third | fourth), third, fourth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V even, V odd, V* pairs)
    {
        pairs[0] = V.ZipLower(even, odd);
        pairs[1] = V.ZipUpper(even, odd);
    }
}
