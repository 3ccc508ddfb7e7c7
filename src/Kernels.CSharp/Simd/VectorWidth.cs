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
    /// <summary>Uses the vectors of a type of lanes.</summary>
    public static R Choose<R, U>(ElementType lanes, U user)
        where U : struct, IForVector<R> =>
        lanes switch
        {
            ElementType.Float32 => Choose<R, U, float>(user),
            ElementType.Float64 => Choose<R, U, double>(user),
            _ => Choose<R, U, int>(user),
        };

    private static R Choose<R, U, T>(U user)
        where U : struct, IForVector<R>
        where T : unmanaged, System.Numerics.INumber<T> =>
        Vector512.IsHardwareAccelerated ? user.With<V512<T>>()
        : Vector256.IsHardwareAccelerated ? user.With<V256<T>>()
        : user.With<V128<T>>();
}
