using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>A number that the compiler knows: branches on it vanish.</summary>
internal interface ICount
{
    static abstract int Value { get; }
}

internal readonly struct One : ICount
{
    public static int Value => 1;
}

internal readonly struct Two : ICount
{
    public static int Value => 2;
}

internal readonly struct Three : ICount
{
    public static int Value => 3;
}

/// <summary>Four rows of accumulators: the largest structure whose vectors the compiler keeps in registers.</summary>
internal struct Quad<V>
{
    public V Row0,
        Row1,
        Row2,
        Row3;
}

/// <summary>
/// The innermost product: up to three quads of rows by up to three vectors of columns accumulate in registers over all k.
/// Each element is one chain of multiply-adds in ascending k, whatever the tile's size, so tiles do not show in the bits.
/// </summary>
internal static unsafe class RegisterTile<TLanes, T, V>
    where TLanes : ILanes<T, V>
    where T : unmanaged
    where V : unmanaged
{
    /// <summary>Sets (or adds to) the tile at <paramref name="c"/>: <c>4·quads</c> rows of <c>vectors</c> vectors.</summary>
    public static void Run(int quads, int vectors, in Panel<T> left, in Panel<T> right, int depth, T* c, nint stride, bool add)
    {
        switch (vectors * 4 + quads)
        {
            case 4 + 1:
                Run<One, One>(left, right, depth, c, stride, add);
                break;
            case 4 + 2:
                Run<Two, One>(left, right, depth, c, stride, add);
                break;
            case 4 + 3:
                Run<Three, One>(left, right, depth, c, stride, add);
                break;
            case 8 + 1:
                Run<One, Two>(left, right, depth, c, stride, add);
                break;
            case 8 + 2:
                Run<Two, Two>(left, right, depth, c, stride, add);
                break;
            case 8 + 3:
                Run<Three, Two>(left, right, depth, c, stride, add);
                break;
            default:
                Run<One, Three>(left, right, depth, c, stride, add);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TQuads, TVectors>(in Panel<T> left, in Panel<T> right, int depth, T* c, nint stride, bool add)
        where TQuads : ICount
        where TVectors : ICount
    {
        Quad<V> c00 = default,
            c01 = default,
            c02 = default,
            c10 = default,
            c11 = default,
            c12 = default,
            c20 = default,
            c21 = default,
            c22 = default;
        T* a = left.Start;
        T* b = right.Start;
        nint quadStep = left.QuadStep;
        nint* offsets = right.Offsets;
        nint leftStep = left.Step,
            rightStep = right.Step;
        for (int k = 0; k < depth; k++)
        {
            T* columns = offsets == null ? b : b + offsets[k];
            V b0 = TLanes.Load(columns);
            V b1 = TVectors.Value > 1 ? TLanes.Load(columns + sizeof(V) / sizeof(T)) : default;
            V b2 = TVectors.Value > 2 ? TLanes.Load(columns + 2 * sizeof(V) / sizeof(T)) : default;
            Step<TVectors>(a, b0, b1, b2, ref c00, ref c01, ref c02);
            if (TQuads.Value > 1)
                Step<TVectors>(a + quadStep, b0, b1, b2, ref c10, ref c11, ref c12);
            if (TQuads.Value > 2)
                Step<TVectors>(a + 2 * quadStep, b0, b1, b2, ref c20, ref c21, ref c22);
            a += leftStep;
            b += rightStep;
        }

        Store<TVectors>(c, stride, add, c00, c01, c02);
        if (TQuads.Value > 1)
            Store<TVectors>(c + 4 * stride, stride, add, c10, c11, c12);
        if (TQuads.Value > 2)
            Store<TVectors>(c + 8 * stride, stride, add, c20, c21, c22);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TVectors>(T* left, V b0, V b1, V b2, ref Quad<V> c0, ref Quad<V> c1, ref Quad<V> c2)
        where TVectors : ICount
    {
        V a = TLanes.Broadcast(left);
        c0.Row0 = TLanes.MultiplyAdd(a, b0, c0.Row0);
        if (TVectors.Value > 1)
            c1.Row0 = TLanes.MultiplyAdd(a, b1, c1.Row0);
        if (TVectors.Value > 2)
            c2.Row0 = TLanes.MultiplyAdd(a, b2, c2.Row0);
        a = TLanes.Broadcast(left + 1);
        c0.Row1 = TLanes.MultiplyAdd(a, b0, c0.Row1);
        if (TVectors.Value > 1)
            c1.Row1 = TLanes.MultiplyAdd(a, b1, c1.Row1);
        if (TVectors.Value > 2)
            c2.Row1 = TLanes.MultiplyAdd(a, b2, c2.Row1);
        a = TLanes.Broadcast(left + 2);
        c0.Row2 = TLanes.MultiplyAdd(a, b0, c0.Row2);
        if (TVectors.Value > 1)
            c1.Row2 = TLanes.MultiplyAdd(a, b1, c1.Row2);
        if (TVectors.Value > 2)
            c2.Row2 = TLanes.MultiplyAdd(a, b2, c2.Row2);
        a = TLanes.Broadcast(left + 3);
        c0.Row3 = TLanes.MultiplyAdd(a, b0, c0.Row3);
        if (TVectors.Value > 1)
            c1.Row3 = TLanes.MultiplyAdd(a, b1, c1.Row3);
        if (TVectors.Value > 2)
            c2.Row3 = TLanes.MultiplyAdd(a, b2, c2.Row3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVectors>(T* c, nint stride, bool add, Quad<V> c0, Quad<V> c1, Quad<V> c2)
        where TVectors : ICount
    {
        StoreRow<TVectors>(c, add, c0.Row0, c1.Row0, c2.Row0);
        StoreRow<TVectors>(c + stride, add, c0.Row1, c1.Row1, c2.Row1);
        StoreRow<TVectors>(c + 2 * stride, add, c0.Row2, c1.Row2, c2.Row2);
        StoreRow<TVectors>(c + 3 * stride, add, c0.Row3, c1.Row3, c2.Row3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow<TVectors>(T* c, bool add, V v0, V v1, V v2)
        where TVectors : ICount
    {
        Put(c, add, v0);
        if (TVectors.Value > 1)
            Put(c + sizeof(V) / sizeof(T), add, v1);
        if (TVectors.Value > 2)
            Put(c + 2 * sizeof(V) / sizeof(T), add, v2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(T* c, bool add, V value) => TLanes.Store(c, add ? TLanes.Add(TLanes.Load(c), value) : value);
}
