using System.Numerics;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>Something to be made for one element type and one vector width.</summary>
internal interface IForLanes<out TResult>
{
    TResult Make<TLanes, T, V>()
        where TLanes : ILanes<T, V>
        where T : unmanaged, INumber<T>
        where V : unmanaged;
}

/// <summary>Chooses the widest vectors that the processor has and the runtime's switches allow.</summary>
internal static class Width
{
    /// <exception cref="ArgumentException">the type is neither float32 nor float64.</exception>
    public static TResult Make<TResult>(ElementType type, IForLanes<TResult> maker) =>
        type switch
        {
            ElementType.Float32 when Vector512.IsHardwareAccelerated => maker.Make<Single512, float, Vector512<float>>(),
            ElementType.Float32 when Vector256.IsHardwareAccelerated => maker.Make<Single256, float, Vector256<float>>(),
            ElementType.Float32 => maker.Make<Single128, float, Vector128<float>>(),
            ElementType.Float64 when Vector512.IsHardwareAccelerated => maker.Make<Double512, double, Vector512<double>>(),
            ElementType.Float64 when Vector256.IsHardwareAccelerated => maker.Make<Double256, double, Vector256<double>>(),
            ElementType.Float64 => maker.Make<Double128, double, Vector128<double>>(),
            _ => throw new ArgumentException($"Products take float32 or float64, not {type}.", nameof(type)),
        };
}
