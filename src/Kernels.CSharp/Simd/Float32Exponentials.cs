using System.Runtime.CompilerServices;

namespace Functional.Kernels.Simd;

/// <summary>
/// Exponentials and logarithms of float32 lanes, to about 2 units in the last place. Arguments are reduced after Cody and Waite
/// ("Software Manual for the Elementary Functions", 1980); the polynomials are our own minimax fits (Remez exchange, relative
/// error at most 2⁻²⁶).
/// </summary>
internal static class Float32Exponentials
{
    private const double Log2E = 1.4426950408889634;

    // ln 2 in two parts; the first has few bits, so that its products with exponents are exact.
    private const double Ln2High = 0.693359375;
    private const double Ln2Low = -2.1219444170128554e-4;

    private const int RootHalfBits = 0x3F3504F3;
    private const int FractionMask = 0x007FFFFF;
    private const double SmallestNormal = 1.17549435e-38;

    /// <summary>eˣ: x = n ln 2 + r with |r| ≤ ½ ln 2, then 2ⁿ(1 + expm1 r).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x)
        where V : unmanaged, IVector<V>
    {
        x = V.Clamp(x, V.Constant(-110), V.Constant(100));
        V n = V.Round(x * V.Constant(Log2E));
        return V.Scale(V.Constant(1) + ReducedExpM1(x, n), n);
    }

    /// <summary>a·2ⁿ by two factors: the result may be denormal or infinite where neither factor is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ScaleInParts<V>(V a, V n)
        where V : unmanaged, IVector<V>
    {
        V exponent = V.ToInteger(n);
        V half = V.ShiftRight(exponent, 1);
        return a * PowerOfTwo(half) * PowerOfTwo(V.SubtractInteger(exponent, half));
    }

    /// <summary>eˣ − 1 without cancellation: 2ⁿ expm1 r + (2ⁿ − 1), halved until the end so that 2ⁿ stays finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpM1<V>(V x)
        where V : unmanaged, IVector<V>
    {
        V limited = V.Clamp(x, V.Constant(-30), V.Constant(89));
        V n = V.Round(limited * V.Constant(Log2E));
        V halfPower = PowerOfTwo(V.AddInteger(V.ToInteger(n), V.Integer(-1)));
        V half = V.MultiplyAdd(halfPower, ReducedExpM1(limited, n), halfPower - V.Constant(0.5));
        return V.Select(V.Equal(x, default), x, half + half);
    }

    /// <summary>ln x; −∞ at 0 and NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V>(V x)
        where V : unmanaged, IVector<V>
    {
        // Denormals borrow 23 bits.
        V tiny = V.Less(x, V.Constant(SmallestNormal));
        Split(V.Select(tiny, x * V.Constant(8388608), x), out V exponent, out V f);
        return AtLimits(x, SplitLog(exponent - (tiny & V.Constant(23)), f));
    }

    /// <summary>ln(1 + x) without cancellation: ln s + (what rounding s = 1 + x lost) / s.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log1P<V>(V x)
        where V : unmanaged, IVector<V>
    {
        V one = V.Constant(1);
        V sum = one + x;
        V lost = V.Select(V.Less(x, one), x - (sum - one), one - (sum - x));
        return V.Select(V.Equal(x, default), x, AtLimits(sum, LogOfSum(sum, lost)));
    }

    /// <summary>ln(sum + lost) for a normal positive sum and a part that its rounding lost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LogOfSum<V>(V sum, V lost)
        where V : unmanaged, IVector<V>
    {
        Split(sum, out V exponent, out V f);
        return SplitLog(exponent, f) + lost / sum;
    }

    /// <summary>x = 2ᵉ(1 + f) with 1 + f in [√½, √2), for normal positive x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split<V>(V x, out V exponent, out V f)
        where V : unmanaged, IVector<V>
    {
        V rootHalf = V.Integer(RootHalfBits);
        V bits = V.SubtractInteger(x, rootHalf);
        exponent = V.FromInteger(V.ShiftRight(bits, 23));
        f = V.AddInteger(bits & V.Integer(FractionMask), rootHalf) - V.Constant(1);
    }

    /// <summary>e ln 2 + ln(1 + f) for 1 + f in [√½, √2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SplitLog<V>(V exponent, V f)
        where V : unmanaged, IVector<V>
    {
        V p = V.Constant(0.0674772448);
        p = V.MultiplyAdd(p, f, V.Constant(-0.116775095));
        p = V.MultiplyAdd(p, f, V.Constant(0.118886962));
        p = V.MultiplyAdd(p, f, V.Constant(-0.124053411));
        p = V.MultiplyAdd(p, f, V.Constant(0.142194533));
        p = V.MultiplyAdd(p, f, V.Constant(-0.166680051));
        p = V.MultiplyAdd(p, f, V.Constant(0.200021234));
        p = V.MultiplyAdd(p, f, V.Constant(-0.250000095));
        p = V.MultiplyAdd(p, f, V.Constant(0.333333125));
        V square = f * f;
        V low = V.MultiplyAdd(exponent, V.Constant(Ln2Low), p * (square * f));
        V sum = f + V.MultiplyAdd(square, V.Constant(-0.5), low);
        return V.MultiplyAdd(exponent, V.Constant(Ln2High), sum);
    }

    /// <summary>e^(x − n ln 2) − 1 on |x − n ln 2| ≤ ½ ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ReducedExpM1<V>(V x, V n)
        where V : unmanaged, IVector<V>
    {
        V r = V.MultiplyAdd(n, V.Constant(-Ln2Low), V.MultiplyAdd(n, V.Constant(-Ln2High), x));
        V p = V.Constant(0.00138825167);
        p = V.MultiplyAdd(p, r, V.Constant(0.00836654713));
        p = V.MultiplyAdd(p, r, V.Constant(0.0416672007));
        p = V.MultiplyAdd(p, r, V.Constant(0.166665434));
        p = V.MultiplyAdd(p, r, V.Constant(0.499999981));
        return V.MultiplyAdd(p, r * r, r);
    }

    /// <summary>2ⁿ as float32 of int32 lanes, −127 &lt; n &lt; 128.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V PowerOfTwo<V>(V n)
        where V : unmanaged, IVector<V> => V.ShiftLeft(V.AddInteger(n, V.Integer(127)), 23);

    /// <summary>The logarithm where x is positive and finite; −∞ at 0, NaN below, x itself at ∞ and NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V AtLimits<V>(V x, V log)
        where V : unmanaged, IVector<V>
    {
        V other = V.Select(V.Less(x, default), V.Constant(double.NaN), x);
        other = V.Select(V.Equal(x, default), V.Constant(double.NegativeInfinity), other);
        return V.Select(V.Less(default, x) & V.Less(x, V.Constant(double.PositiveInfinity)), log, other);
    }
}
