using System.Numerics;

namespace Functional.Kernels;

/// <summary>How a reduction combines elements.</summary>
public enum ReduceOp
{
    /// <summary>a + b; integers wrap.</summary>
    Sum,

    /// <summary>a · b; integers wrap.</summary>
    Prod,

    /// <summary>The larger; NaN if either is NaN.</summary>
    Max,

    /// <summary>The smaller; NaN if either is NaN.</summary>
    Min,
}

/// <summary>A <see cref="ReduceOp"/> as code, on one element and on a vector of them with the same result in every lane.</summary>
internal interface IReducer<T>
    where T : unmanaged
{
    /// <summary>What a reduction over nothing gives.</summary>
    static abstract T Identity { get; }

    /// <summary>Combines two elements.</summary>
    static abstract T Combine(T a, T b);

    /// <summary>Combines lane by lane.</summary>
    static abstract Vector<T> Combine(Vector<T> a, Vector<T> b);
}

/// <summary><see cref="ReduceOp.Sum"/>.</summary>
internal readonly struct SumReducer<T> : IReducer<T>
    where T : unmanaged, INumber<T>
{
    public static T Identity => T.Zero;

    public static T Combine(T a, T b) => a + b;

    public static Vector<T> Combine(Vector<T> a, Vector<T> b) => a + b;
}

/// <summary><see cref="ReduceOp.Prod"/>.</summary>
internal readonly struct ProdReducer<T> : IReducer<T>
    where T : unmanaged, INumber<T>
{
    public static T Identity => T.One;

    public static T Combine(T a, T b) => a * b;

    public static Vector<T> Combine(Vector<T> a, Vector<T> b) => a * b;
}

/// <summary><see cref="ReduceOp.Max"/>.</summary>
internal readonly struct MaxReducer<T> : IReducer<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>−∞, or the least integer.</summary>
    public static T Identity => T.CreateSaturating(double.NegativeInfinity);

    public static T Combine(T a, T b) => T.Max(a, b);

    public static Vector<T> Combine(Vector<T> a, Vector<T> b) => Vector.Max(a, b);
}

/// <summary><see cref="ReduceOp.Min"/>.</summary>
internal readonly struct MinReducer<T> : IReducer<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>∞, or the greatest integer.</summary>
    public static T Identity => T.CreateSaturating(double.PositiveInfinity);

    public static T Combine(T a, T b) => T.Min(a, b);

    public static Vector<T> Combine(Vector<T> a, Vector<T> b) => Vector.Min(a, b);
}
