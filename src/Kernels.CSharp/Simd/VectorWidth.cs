using System.Runtime.Intrinsics;

namespace Functional.Kernels.Simd;

/// <summary>Something that is made or done with one type of vector.</summary>
internal interface IForVector<R>
{
    R With<V>()
        where V : unmanaged, IVector<V>;
}

/// <summary>Chooses the widest vectors that this machine has and the runtime's switches allow.</summary>
internal static class VectorWidth
{
    /// <summary>Uses the vectors of a type of lanes, none wider than so many elements fill, unless they fill none at all.</summary>
    public static R Choose<R, U>(ElementType lanes, U user, int elements = int.MaxValue)
        where U : struct, IForVector<R> =>
        lanes switch
        {
            ElementType.Float32 => Choose<R, U, float>(user, elements),
            ElementType.Float64 => Choose<R, U, double>(user, elements),
            _ => Choose<R, U, int>(user, elements),
        };

    private static R Choose<R, U, T>(U user, int elements)
        where U : struct, IForVector<R>
        where T : unmanaged, System.Numerics.INumber<T> =>
        Vector512.IsHardwareAccelerated && elements >= V512<T>.Lanes ? user.With<V512<T>>()
        : Vector256.IsHardwareAccelerated && elements >= V256<T>.Lanes ? user.With<V256<T>>()
        : user.With<V128<T>>();
}
