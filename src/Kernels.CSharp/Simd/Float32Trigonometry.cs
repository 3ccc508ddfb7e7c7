using System.Runtime.CompilerServices;

namespace Functional.Kernels.Simd;

/// <summary>
/// Sine and cosine of float32 lanes, to about 2 units in the last place: the angle less the nearest multiple of π/2
/// (subtracted in four parts after Cody and Waite), then minimax polynomials on [−π/4, π/4].
/// </summary>
internal static class Float32Trigonometry
{
    private const double TwoOverPi = 0.63661977236758134;

    // π/2 in parts of at most 11 bits, so that their products with quadrant numbers below 2¹³ are exact, and a rest.
    private const double HalfPi1 = 1.5703125;
    private const double HalfPi2 = 0.0004837512969970703125;
    private const double HalfPi3 = 7.549533620476723e-08;
    private const double HalfPi4 = 2.5633440682570896e-12;

    /// <summary>Larger angles go to the scalar function, lane by lane.</summary>
    private const double LargestReduced = 8192;

    /// <summary>sin x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sin<V>(V x)
        where V : unmanaged, IVector<V>
    {
        V quadrant = Reduce(x, out V r);
        SinCos(r, out V sin, out V cos);
        V result = V.Select(V.Equal(x, default), x, Turn(quadrant, sin, cos));
        V large = V.Less(V.Constant(LargestReduced), V.Abs(x));
        return V.Any(large) ? V.Select(large, V.Map<Sin>(x), result) : result;
    }

    /// <summary>cos x = sin(x + π/2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cos<V>(V x)
        where V : unmanaged, IVector<V>
    {
        V quadrant = Reduce(x, out V r);
        SinCos(r, out V sin, out V cos);
        V result = Turn(V.AddInteger(quadrant, V.Integer(1)), sin, cos);
        V large = V.Less(V.Constant(LargestReduced), V.Abs(x));
        return V.Any(large) ? V.Select(large, V.Map<Cos>(x), result) : result;
    }

    /// <summary>tan x: sin / cos, and −cos / sin in the odd quadrants.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tan<V>(V x)
        where V : unmanaged, IVector<V>
    {
        V quadrant = Reduce(x, out V r);
        SinCos(r, out V sin, out V cos);
        V odd = V.ShiftLeft(quadrant, 31);
        V mask = V.ShiftRight(odd, 31);
        V tan = (V.Select(mask, cos, sin) / V.Select(mask, sin, cos)) ^ odd;
        V result = V.Select(V.Equal(x, default), x, tan);
        V large = V.Less(V.Constant(LargestReduced), V.Abs(x));
        return V.Any(large) ? V.Select(large, V.Map<Tan>(x), result) : result;
    }

    /// <summary>sin r and cos r for |r| ≤ π/4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SinCos<V>(V r, out V sin, out V cos)
        where V : unmanaged, IVector<V>
    {
        V square = r * r;
        sin = V.Constant(-0.000195149577);
        sin = V.MultiplyAdd(sin, square, V.Constant(0.00833215841));
        sin = V.MultiplyAdd(sin, square, V.Constant(-0.166666546));
        sin = V.MultiplyAdd(sin, square * r, r);

        cos = V.Constant(2.44327851e-05);
        cos = V.MultiplyAdd(cos, square, V.Constant(-0.00138873131));
        cos = V.MultiplyAdd(cos, square, V.Constant(0.0416666456));
        cos = V.MultiplyAdd(cos, square * square, V.MultiplyAdd(square, V.Constant(-0.5), V.Constant(1)));
    }

    /// <summary>sin(r + q π/2) from sin r and cos r, for int32 lanes q: bit 0 of q tells sine from cosine, bit 1 is the sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Turn<V>(V quadrant, V sin, V cos)
        where V : unmanaged, IVector<V>
    {
        V odd = V.ShiftRight(V.ShiftLeft(quadrant, 31), 31);
        V sign = V.ShiftLeft(V.ShiftRightLogical(quadrant, 1), 31);
        return V.Select(odd, cos, sin) ^ sign;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduce<V>(V x, out V r)
        where V : unmanaged, IVector<V>
    {
        V n = V.Round(x * V.Constant(TwoOverPi));
        r = V.MultiplyAdd(n, V.Constant(-HalfPi1), x);
        r = V.MultiplyAdd(n, V.Constant(-HalfPi2), r);
        r = V.MultiplyAdd(n, V.Constant(-HalfPi3), r);
        r = V.MultiplyAdd(n, V.Constant(-HalfPi4), r);
        return V.ToInteger(n);
    }
}
