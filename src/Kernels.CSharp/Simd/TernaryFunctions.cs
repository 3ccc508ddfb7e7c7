using System.Runtime.CompilerServices;

namespace Functional.Kernels.Simd;

/// <summary>b where a is not 0, else c.</summary>
internal readonly struct Select : ITernary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V a, V b, V c)
        where V : unmanaged, IVector<V> => V.Select(V.Equal(a, default), c, b);
}

/// <summary>a·b + c.</summary>
internal readonly struct MultiplyAdd : ITernary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V a, V b, V c)
        where V : unmanaged, IVector<V> => V.MultiplyAdd(a, b, c);
}
