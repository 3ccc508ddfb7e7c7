namespace Functional.Kernels.Simd;

/// <summary>Functions of one float64 number that System.Math lacks or computes with cancellation.</summary>
internal static class Float64Functions
{
    /// <summary>eˣ − 1; the error of u = eˣ cancels in (u − 1) x / ln u (Kahan).</summary>
    public static double ExpM1(double x)
    {
        double u = Math.Exp(x);
        if (u == 1)
            return x;
        double difference = u - 1;
        return difference == -1 || double.IsInfinity(u) ? difference : difference * x / Math.Log(u);
    }

    /// <summary>ln(1 + x); the error of u = 1 + x cancels in x ln u / (u − 1) (Kahan).</summary>
    public static double Log1P(double x)
    {
        double u = 1 + x;
        return u == 1 || u == double.PositiveInfinity ? x : Math.Log(u) * x / (u - 1);
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static double Sigmoid(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }

    /// <summary>ln(1 + eˣ).</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + Log1P(Math.Exp(-Math.Abs(x)));

    /// <summary>
    /// erf x: below 2.5 the series 2/√π e^−x² Σ 2ⁿ x²ⁿ⁺¹ / (2n+1)!!, whose terms are all of one sign; above, 1 − erfc x by its
    /// continued fraction (Abramowitz and Stegun 7.1.6 and 7.1.14).
    /// </summary>
    public static double Erf(double x)
    {
        double a = Math.Abs(x);
        double erf =
            double.IsNaN(x) ? x
            : a > 6 ? 1
            : a < 2.5 ? ErfSeries(a)
            : 1 - ErfcFraction(a);
        return Math.CopySign(erf, x);
    }

    private static double ErfSeries(double x)
    {
        double term = x,
            sum = x;
        for (int n = 1; term > sum * 1e-17; n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    private static double ErfcFraction(double x)
    {
        double fraction = x;
        for (int n = 60; n > 0; n--)
            fraction = x + n / (2 * fraction);
        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * fraction);
    }

    /// <summary>a − b⌊a/b⌋, with the sign of b; NaN when b is 0.</summary>
    public static double FloorModulo(double a, double b)
    {
        double remainder = a % b;
        return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
    }
}
