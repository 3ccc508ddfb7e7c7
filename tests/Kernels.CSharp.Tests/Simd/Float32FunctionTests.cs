using Functional.Kernels.Tile;
using Functional.Tests.Tile;
using Xunit;

namespace Functional.Tests.Simd;

/// <summary>Float32 functions against float64 ones: error in units in the last place over wide domains, and at special values.</summary>
public class Float32FunctionTests
{
    private const float Infinity = float.PositiveInfinity;
    private const float NaN = float.NaN;
    private const float Denormal = 1e-40f;

    private static readonly Dictionary<TileFunction, Func<double, double>> Unary = new()
    {
        [TileFunction.Identity] = x => x,
        [TileFunction.Negate] = x => -x,
        [TileFunction.Abs] = Math.Abs,
        [TileFunction.Sign] = x => double.IsNaN(x) ? x : Math.Sign(x),
        [TileFunction.Relu] = x => x <= 0 ? 0 : x,
        [TileFunction.Square] = x => x * x,
        [TileFunction.Sqrt] = Math.Sqrt,
        [TileFunction.ReciprocalSqrt] = x => 1 / Math.Sqrt(x),
        [TileFunction.Reciprocal] = x => 1 / x,
        [TileFunction.Floor] = Math.Floor,
        [TileFunction.Ceiling] = Math.Ceiling,
        [TileFunction.Round] = Math.Round,
        [TileFunction.Exp] = Math.Exp,
        [TileFunction.ExpM1] = References.ExpM1,
        [TileFunction.Log] = Math.Log,
        [TileFunction.Log1P] = References.Log1P,
        [TileFunction.Sin] = Math.Sin,
        [TileFunction.Cos] = Math.Cos,
        [TileFunction.Tan] = Math.Tan,
        [TileFunction.Asin] = Math.Asin,
        [TileFunction.Acos] = Math.Acos,
        [TileFunction.Atan] = Math.Atan,
        [TileFunction.Sinh] = Math.Sinh,
        [TileFunction.Cosh] = Math.Cosh,
        [TileFunction.Tanh] = Math.Tanh,
        [TileFunction.Sigmoid] = References.Sigmoid,
        [TileFunction.Softplus] = References.Softplus,
        [TileFunction.Erf] = References.Erf,
        [TileFunction.Elu] = x => x > 0 ? x : References.ExpM1(x),
    };

    private static readonly Dictionary<TileFunction, Func<double, double, double>> Binary = new()
    {
        [TileFunction.Add] = (a, b) => a + b,
        [TileFunction.Subtract] = (a, b) => a - b,
        [TileFunction.Multiply] = (a, b) => a * b,
        [TileFunction.Divide] = (a, b) => a / b,
        [TileFunction.Modulo] = (a, b) => a - b * Math.Floor(a / b),
        [TileFunction.Power] = Math.Pow,
        [TileFunction.Atan2] = Math.Atan2,
        [TileFunction.Minimum] = Math.Min,
        [TileFunction.Maximum] = Math.Max,
        [TileFunction.Equal] = (a, b) => a == b ? 1 : 0,
        [TileFunction.NotEqual] = (a, b) => a != b ? 1 : 0,
        [TileFunction.Less] = (a, b) => a < b ? 1 : 0,
        [TileFunction.LessOrEqual] = (a, b) => a <= b ? 1 : 0,
        [TileFunction.Greater] = (a, b) => a > b ? 1 : 0,
        [TileFunction.GreaterOrEqual] = (a, b) => a >= b ? 1 : 0,
    };

    public static TheoryData<TileFunction> UnaryFunctions => [.. Unary.Keys];

    public static TheoryData<TileFunction> BinaryFunctions => [.. Binary.Keys];

    [Fact]
    public void EveryFunctionHasAReference() =>
        Assert.All(
            Enum.GetValues<TileFunction>(),
            f => Assert.True(f.Arity() == 3 || Unary.ContainsKey(f) || Binary.ContainsKey(f), $"{f}")
        );

    [Theory]
    [MemberData(nameof(UnaryFunctions))]
    public void UnaryIsWithinFourUlp(TileFunction function)
    {
        float[] x = [.. Spread(20000), .. Grid(-110, 110, 20000), .. Grid(-1.2f, 1.2f, 20000)];
        float[] y = Elementwise.Apply(function, x);
        for (int i = 0; i < x.Length; i++)
            AssertClose(Unary[function](x[i]), y[i], 4, $"{function}({x[i]:R})");
    }

    [Theory]
    [MemberData(nameof(UnaryFunctions))]
    public void UnaryAtSpecialValues(TileFunction function)
    {
        float[] x =
        [
            0f,
            -0f,
            Infinity,
            -Infinity,
            NaN,
            Denormal,
            -Denormal,
            float.MaxValue,
            -float.MaxValue,
            float.Epsilon,
            1,
            -1,
            88.72284f,
            89,
            -87.4f,
            -103.9f,
            -105,
        ];
        float[] y = Elementwise.Apply(function, x);
        for (int i = 0; i < x.Length; i++)
            AssertClose(Unary[function](x[i]), y[i], 4, $"{function}({x[i]:R})");
    }

    [Theory]
    [InlineData(TileFunction.ExpM1)]
    [InlineData(TileFunction.Log1P)]
    [InlineData(TileFunction.Sin)]
    [InlineData(TileFunction.Tanh)]
    [InlineData(TileFunction.Erf)]
    [InlineData(TileFunction.Floor)]
    [InlineData(TileFunction.Sqrt)]
    public void NegativeZeroKeepsItsSign(TileFunction function) => Assert.True(float.IsNegative(Elementwise.Apply(function, [-0f])[0]));

    [Theory]
    [MemberData(nameof(BinaryFunctions))]
    public void BinaryIsWithinTwoUlp(TileFunction function)
    {
        float[] a = Elementwise.Samples<float>(20000, seed: 1);
        float[] b = Elementwise.Samples<float>(20000, seed: 2);
        float[] y = Elementwise.Apply(function, a, b);
        for (int i = 0; i < a.Length; i++)
        {
            if (function == TileFunction.Modulo)
                AssertModulo(a[i], b[i], y[i]);
            else
                AssertClose(Binary[function](a[i], b[i]), y[i], 2, $"{function}({a[i]:R}, {b[i]:R})");
        }
    }

    [Fact]
    public void PowerOfNegativeBases()
    {
        float[] y = Elementwise.Apply(TileFunction.Power, [-2f, -2f, -2f, 0, 0, 0, -0f, Infinity, 5], [3f, -2f, 0.5f, 2, -1, 0, 3, -1, 0]);
        Assert.Equal([-8f, 0.25f, NaN, 0, Infinity, 1, 0, 0, 1], y);
    }

    [Fact]
    public void ModuloTakesTheSignOfTheDivisor()
    {
        float[] y = Elementwise.Apply(TileFunction.Modulo, [7f, -7f, 7f, -7f, 6f, 1f], [3f, 3f, -3f, -3f, 3f, 0f]);
        Assert.Equal([1f, 2f, -2f, -1f, 0f, NaN], y);
    }

    [Fact]
    public void SelectTakesItsSecondOperandWhereTheFirstIsNotZero()
    {
        float[] y = Elementwise.Apply(TileFunction.Select, [1f, 0f, -0f, NaN, 0.5f], [1f, 2f, 3f, 4f, 5f], [-1f, -2f, -3f, -4f, -5f]);
        Assert.Equal([1f, -2f, -3f, 4f, 5f], y);
    }

    [Fact]
    public void MultiplyAdd() =>
        Assert.Equal([10f, Infinity], Elementwise.Apply(TileFunction.MultiplyAdd, [2f, 1f], [3f, Infinity], [4f, 1f]));

    [Fact]
    public void RoundTakesHalvesToEven() =>
        Assert.Equal([0f, 2f, 2f, -2f, 4f], Elementwise.Apply(TileFunction.Round, [0.5f, 1.5f, 2.5f, -1.5f, 3.6f]));

    /// <summary>All magnitudes of float32, both signs.</summary>
    private static IEnumerable<float> Spread(int count)
    {
        var random = new System.Random(3);
        return Enumerable.Range(0, count).Select(_ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)));
    }

    private static IEnumerable<float> Grid(float low, float high, int count) =>
        Enumerable.Range(0, count).Select(i => low + (high - low) * i / (count - 1));

    private static void AssertClose(double expected, float actual, double ulps, string what)
    {
        var rounded = (float)expected;
        if (float.IsNaN(rounded) || float.IsInfinity(rounded) || float.IsInfinity(actual))
        {
            // Within the bound of the largest number, infinity is as good.
            bool edge = Math.Abs(expected) > float.MaxValue * (1 - ulps * 6e-8) && Math.Abs(actual) > float.MaxValue * (1 - ulps * 6e-8);
            Assert.True(rounded.Equals(actual) || edge, $"{what} = {actual:R}, not {rounded:R}");
            return;
        }
        double ulp = Math.Max((double)MathF.BitIncrement(Math.Abs(rounded)) - Math.Abs(rounded), float.Epsilon);
        if (double.IsInfinity(ulp))
            ulp = Math.Abs(rounded) * 6e-8;
        Assert.True(
            Math.Abs(actual - expected) <= ulps * ulp,
            $"{what} = {actual:R}, not {expected:R}: {Math.Abs(actual - expected) / ulp:F2} ulp"
        );
    }

    /// <summary>The remainder lies between 0 and the divisor, and what it leaves is a multiple of the divisor.</summary>
    private static void AssertModulo(float a, float b, float remainder)
    {
        if (!float.IsFinite(a) || float.IsNaN(b) || b == 0)
        {
            Assert.True(float.IsNaN(remainder), $"{a:R} mod {b:R} = {remainder:R}");
            return;
        }
        if (float.IsInfinity(b))
            return;
        Assert.True(remainder == 0 || (remainder < 0) == (b < 0) || Math.Abs(remainder) == Math.Abs(b), $"{a:R} mod {b:R} = {remainder:R}");
        double quotient = ((double)a - remainder) / b;
        double distance = Math.Abs(quotient - Math.Round(quotient)) * Math.Abs(b);
        Assert.True(distance <= Math.Max(1e-6 * Math.Abs(b), 1e-15 * Math.Abs(a)), $"{a:R} mod {b:R} = {remainder:R}");
    }
}
