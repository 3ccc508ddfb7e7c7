namespace Functional.Tests.Simd;

/// <summary>Functions that System.Math lacks, in float64, by other formulas than the kernels use.</summary>
internal static class References
{
    /// <summary>eˣ − 1: the series where the difference cancels.</summary>
    public static double ExpM1(double x) => Math.Abs(x) < 0.5 ? Series(x, 1, (term, n) => term * x / (n + 1)) : Math.Exp(x) - 1;

    /// <summary>ln(1 + x): 2 artanh(x / (2 + x)) by its series where 1 + x rounds.</summary>
    public static double Log1P(double x)
    {
        double t = x / (2 + x);
        return Math.Abs(x) < 0.5
            ? Enumerable.Range(0, 40).Select(n => 2 * Math.Pow(t, 2 * n + 1) / (2 * n + 1)).Reverse().Sum()
            : Math.Log(1 + x);
    }

    public static double Sigmoid(double x) => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x));

    public static double Softplus(double x) => x < 0 ? Log1P(Math.Exp(x)) : x + Log1P(Math.Exp(-x));

    /// <summary>erf x by Simpson's rule on 2/√π ∫ e^−t², whose error is far below float32's.</summary>
    public static double Erf(double x)
    {
        const int steps = 400;
        double end = Math.Clamp(x, -6, 6);
        double h = end / steps;
        double sum = 1 + Math.Exp(-end * end);
        for (int i = 1; i < steps; i++)
            sum += Math.Exp(-(i * h) * (i * h)) * (i % 2 == 0 ? 2 : 4);
        return double.IsNaN(x) ? x : 2 / Math.Sqrt(Math.PI) * sum * h / 3;
    }

    private static double Series(double first, int start, Func<double, int, double> next)
    {
        double sum = 0;
        for (int n = start; n < 30; n++)
        {
            sum += first;
            first = next(first, n);
        }
        return sum;
    }
}
