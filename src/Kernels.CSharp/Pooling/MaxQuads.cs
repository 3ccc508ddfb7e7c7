using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>
/// Windows of 2 × 2 that neither overlap nor leave gaps, as many at once as a vector of 128 bits has lanes. The work is
/// bound by memory, so that wider vectors would only exclude narrower images.
/// </summary>
internal static unsafe class MaxQuads<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Whether the shape has such windows, a vector of them in each row.</summary>
    public static bool Suit(in PoolShape shape) => shape.Height.IsPairs && shape.Width.IsPairs && shape.Width.Windows >= Vector128<T>.Count;

    /// <summary>output = the element of <paramref name="values"/> at the maximum of each window of <paramref name="x"/>, for one row of windows.</summary>
    public static void Pick(T* x, T* values, T* output, long inWidth, int windows)
    {
        for (int i = 0; i < windows; i += Vector128<T>.Count)
        {
            // The last vector ends where the row ends and repeats some windows.
            int window = Math.Min(i, windows - Vector128<T>.Count);
            Choice choice = Choose(x + 2 * window, inWidth);
            (Vector128<T> v00, Vector128<T> v01) = LoadPairs(values + 2 * window);
            (Vector128<T> v10, Vector128<T> v11) = LoadPairs(values + 2 * window + inWidth);
            Vector128<T> upper = Vector128.ConditionalSelect(choice.Second, v01, v00);
            Vector128<T> lower = Vector128.ConditionalSelect(choice.Fourth, v11, v10);
            Vector128.ConditionalSelect(choice.Third | choice.Fourth, lower, upper).Store(output + window);
        }
    }

    /// <summary>target = the element of <paramref name="values"/> at the maximum of each window of <paramref name="x"/> and 0 elsewhere, for one row of windows.</summary>
    public static void Place(T* x, T* values, T* target, long inWidth, int windows)
    {
        for (int i = 0; i < windows; i += Vector128<T>.Count)
        {
            int window = Math.Min(i, windows - Vector128<T>.Count);
            Choice choice = Choose(x + 2 * window, inWidth);
            Vector128<T> value = Vector128.Load(values + window);
            Vector128<T> elsewhere = choice.Second | choice.Third | choice.Fourth;
            StorePairs(Vector128.AndNot(value, elsewhere), value & choice.Second, target + 2 * window);
            StorePairs(value & choice.Third, value & choice.Fourth, target + 2 * window + inWidth);
        }
    }

    /// <summary>All bits set in a lane where the maximum is at that place; the first place is chosen where none of these is.</summary>
    private readonly record struct Choice(Vector128<T> Second, Vector128<T> Third, Vector128<T> Fourth);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Choice Choose(T* x, long inWidth)
    {
        (Vector128<T> best, Vector128<T> x01) = LoadPairs(x);
        (Vector128<T> x10, Vector128<T> x11) = LoadPairs(x + inWidth);
        Vector128<T> second = FirstMaximum.Beats(x01, best);
        best = Vector128.ConditionalSelect(second, x01, best);
        Vector128<T> third = FirstMaximum.Beats(x10, best);
        best = Vector128.ConditionalSelect(third, x10, best);
        Vector128<T> fourth = FirstMaximum.Beats(x11, best);
        third = Vector128.AndNot(third, fourth);
        return new Choice(Vector128.AndNot(second, third | fourth), third, fourth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<T> Even, Vector128<T> Odd) LoadPairs(T* pairs)
    {
        Vector128<T> a = EvenThenOdd(Vector128.Load(pairs));
        Vector128<T> b = EvenThenOdd(Vector128.Load(pairs + Vector128<T>.Count));
        return (LowerHalves(a, b), UpperHalves(a, b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePairs(Vector128<T> even, Vector128<T> odd, T* pairs)
    {
        EvenThenOdd(LowerHalves(even, odd)).Store(pairs);
        EvenThenOdd(UpperHalves(even, odd)).Store(pairs + Vector128<T>.Count);
    }

    /// <summary>Sorts lanes 0 1 2 3 to 0 2 1 3, and back; two lanes stay as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> EvenThenOdd(Vector128<T> lanes) =>
        sizeof(T) == 4 ? Vector128.Shuffle(lanes.AsUInt32(), Vector128.Create(0u, 2, 1, 3)).As<uint, T>() : lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> LowerHalves(Vector128<T> a, Vector128<T> b) =>
        Vector128.Create(a.AsDouble().GetElement(0), b.AsDouble().GetElement(0)).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> UpperHalves(Vector128<T> a, Vector128<T> b) =>
        Vector128.Create(a.AsDouble().GetElement(1), b.AsDouble().GetElement(1)).As<double, T>();
}
