using System.Runtime.CompilerServices;

namespace Functional.Kernels.Simd;

// Each function: in float32 lanes by its own vector code, elsewhere by a float64 scalar function on each lane.
// Those that models seldom apply have the scalar form alone.

internal readonly struct Identity : IUnary
{
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => x;
}

internal readonly struct Negate : IUnary
{
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => -x;
}

internal readonly struct Abs : IUnary
{
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.Abs(x);
}

internal readonly struct Sign : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V>
    {
        V one = V.Constant(1);
        return V.Select(V.Less(default, x), one, V.Select(V.Less(x, default), -one, x));
    }
}

internal readonly struct Relu : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.Select(V.LessOrEqual(x, default), default, x);
}

internal readonly struct Sqrt : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.Sqrt(x);
}

internal readonly struct Floor : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.Floor(x);
}

internal readonly struct Ceiling : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.Ceiling(x);
}

internal readonly struct Round : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.Round(x);
}

internal readonly struct Reciprocal : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.Constant(1) / x;
}

internal readonly struct ReciprocalSqrt : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.Constant(1) / V.Sqrt(x);
}

internal readonly struct Square : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => x * x;
}

internal readonly struct Exp : IUnary, IScalarUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.IsFloat32 ? Float32Exponentials.Exp(x) : V.Map<Exp>(x);

    public static double Apply(double x) => Math.Exp(x);
}

internal readonly struct ExpM1 : IUnary, IScalarUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.IsFloat32 ? Float32Exponentials.ExpM1(x) : V.Map<ExpM1>(x);

    public static double Apply(double x) => Float64Functions.ExpM1(x);
}

internal readonly struct Log : IUnary, IScalarUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.IsFloat32 ? Float32Exponentials.Log(x) : V.Map<Log>(x);

    public static double Apply(double x) => Math.Log(x);
}

internal readonly struct Log1P : IUnary, IScalarUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.IsFloat32 ? Float32Exponentials.Log1P(x) : V.Map<Log1P>(x);

    public static double Apply(double x) => Float64Functions.Log1P(x);
}

internal readonly struct Sigmoid : IUnary, IScalarUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.IsFloat32 ? Float32Sigmoids.Sigmoid(x) : V.Map<Sigmoid>(x);

    public static double Apply(double x) => Float64Functions.Sigmoid(x);
}

internal readonly struct Softplus : IUnary, IScalarUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.IsFloat32 ? Float32Sigmoids.Softplus(x) : V.Map<Softplus>(x);

    public static double Apply(double x) => Float64Functions.Softplus(x);
}

internal readonly struct Tanh : IUnary, IScalarUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.IsFloat32 ? Float32Sigmoids.Tanh(x) : V.Map<Tanh>(x);

    public static double Apply(double x) => Math.Tanh(x);
}

internal readonly struct Erf : IUnary, IScalarUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.IsFloat32 ? Float32Sigmoids.Erf(x) : V.Map<Erf>(x);

    public static double Apply(double x) => Float64Functions.Erf(x);
}

internal readonly struct Elu : IUnary, IScalarUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.IsFloat32 ? V.Select(V.Less(default, x), x, Float32Exponentials.ExpM1(x)) : V.Map<Elu>(x);

    public static double Apply(double x) => x > 0 ? x : Float64Functions.ExpM1(x);
}

internal readonly struct Sin : IUnary, IScalarUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.IsFloat32 ? Float32Trigonometry.Sin(x) : V.Map<Sin>(x);

    public static double Apply(double x) => Math.Sin(x);
}

internal readonly struct Cos : IUnary, IScalarUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.IsFloat32 ? Float32Trigonometry.Cos(x) : V.Map<Cos>(x);

    public static double Apply(double x) => Math.Cos(x);
}

internal readonly struct Tan : IUnary, IScalarUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.IsFloat32 ? Float32Trigonometry.Tan(x) : V.Map<Tan>(x);

    public static double Apply(double x) => Math.Tan(x);
}

internal readonly struct Asin : IUnary, IScalarUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.Map<Asin>(x);

    public static double Apply(double x) => Math.Asin(x);
}

internal readonly struct Acos : IUnary, IScalarUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.Map<Acos>(x);

    public static double Apply(double x) => Math.Acos(x);
}

internal readonly struct Atan : IUnary, IScalarUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.Map<Atan>(x);

    public static double Apply(double x) => Math.Atan(x);
}

internal readonly struct Sinh : IUnary, IScalarUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.Map<Sinh>(x);

    public static double Apply(double x) => Math.Sinh(x);
}

internal readonly struct Cosh : IUnary, IScalarUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.Map<Cosh>(x);

    public static double Apply(double x) => Math.Cosh(x);
}

/// <summary>Float32 lanes to int32 lanes: towards zero, saturated, NaN to 0.</summary>
internal readonly struct Truncate : IUnary
{
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.Truncate(x);
}

/// <summary>Int32 lanes to float32 lanes.</summary>
internal readonly struct FromInteger : IUnary
{
    public static V Apply<V>(V x)
        where V : unmanaged, IVector<V> => V.FromInteger(x);
}
