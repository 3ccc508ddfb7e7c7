using System.Runtime.CompilerServices;

namespace Functional.Kernels.Simd;

/// <summary>The saturating functions of float32 lanes, each accurate in its tails too.</summary>
internal static class Float32Sigmoids
{
    /// <summary>1 / (1 + e⁻ˣ), from e^−|x| so that nothing overflows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x)
        where V : unmanaged, IVector<V>
    {
        V one = V.Constant(1);
        V e = Float32Exponentials.Exp(-V.Abs(x));
        return V.Select(V.Less(x, default), e, one) / (one + e);
    }

    /// <summary>ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Softplus<V>(V x)
        where V : unmanaged, IVector<V>
    {
        V e = Float32Exponentials.Exp(-V.Abs(x));
        V sum = V.Constant(1) + e;
        return V.Max(x, default) + Float32Exponentials.LogOfSum(sum, e - (sum - V.Constant(1)));
    }

    /// <summary>tanh |x| = −t / (t + 2) with t = expm1(−2|x|); then the sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x)
        where V : unmanaged, IVector<V>
    {
        V t = Float32Exponentials.ExpM1(V.Abs(x) * V.Constant(-2));
        return (-t / (t + V.Constant(2))) | (x & V.Constant(-0.0));
    }

    /// <summary>
    /// erf x: a minimax polynomial in x² below 0.92; 1 − e^p(|x|) above, where p is fitted to ln erfc so that erf has relative
    /// error 2⁻²⁹ up to 4, beyond which erf is 1 in float32.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V>(V x)
        where V : unmanaged, IVector<V>
    {
        V square = x * x;
        V near = V.Constant(8.37009778e-05);
        near = V.MultiplyAdd(near, square, V.Constant(-0.000814270349));
        near = V.MultiplyAdd(near, square, V.Constant(0.00520103219));
        near = V.MultiplyAdd(near, square, V.Constant(-0.0268593982));
        near = V.MultiplyAdd(near, square, V.Constant(0.112836955));
        near = V.MultiplyAdd(near, square, V.Constant(-0.376126337));
        near = V.MultiplyAdd(near, square, V.Constant(0.128379167));
        near = V.MultiplyAdd(near, x, x);

        V t = V.Min(V.Abs(x), V.Constant(4));
        V far = V.Constant(0.000195836198);
        far = V.MultiplyAdd(far, t, V.Constant(-0.00304222648));
        far = V.MultiplyAdd(far, t, V.Constant(0.0222229711));
        far = V.MultiplyAdd(far, t, V.Constant(-0.103923405));
        far = V.MultiplyAdd(far, t, V.Constant(-0.637191579));
        far = V.MultiplyAdd(far, t, V.Constant(-1.12767009));
        far = V.MultiplyAdd(far, t, V.Constant(-0.000197016542));
        far = (V.Constant(1) - Float32Exponentials.Exp(far)) | (x & V.Constant(-0.0));
        return V.Select(V.Less(t, V.Constant(0.921875)), near, far);
    }
}
