using Functional.Kernels.Tile;
using Functional.Tests.Tile;
using Xunit;

namespace Functional.Tests.Simd;

/// <summary>Float64 functions: those that are our own against series and published values, all others against System.Math bit by bit.</summary>
public class Float64FunctionTests
{
    private static readonly Dictionary<TileFunction, Func<double, double>> Exact = new()
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
        [TileFunction.Log] = Math.Log,
        [TileFunction.Sin] = Math.Sin,
        [TileFunction.Cos] = Math.Cos,
        [TileFunction.Tan] = Math.Tan,
        [TileFunction.Asin] = Math.Asin,
        [TileFunction.Acos] = Math.Acos,
        [TileFunction.Atan] = Math.Atan,
        [TileFunction.Sinh] = Math.Sinh,
        [TileFunction.Cosh] = Math.Cosh,
        [TileFunction.Tanh] = Math.Tanh,
    };

    private static readonly Dictionary<TileFunction, Func<double, double>> Own = new()
    {
        [TileFunction.ExpM1] = References.ExpM1,
        [TileFunction.Log1P] = References.Log1P,
        [TileFunction.Sigmoid] = References.Sigmoid,
        [TileFunction.Softplus] = References.Softplus,
        [TileFunction.Elu] = x => x > 0 ? x : References.ExpM1(x),
    };

    private static readonly Dictionary<TileFunction, Func<double, double, double>> Binary = new()
    {
        [TileFunction.Add] = (a, b) => a + b,
        [TileFunction.Subtract] = (a, b) => a - b,
        [TileFunction.Multiply] = (a, b) => a * b,
        [TileFunction.Divide] = (a, b) => a / b,
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

    public static TheoryData<TileFunction> ExactFunctions => [.. Exact.Keys];

    public static TheoryData<TileFunction> OwnFunctions => [.. Own.Keys];

    public static TheoryData<TileFunction> BinaryFunctions => [.. Binary.Keys];

    [Theory]
    [MemberData(nameof(ExactFunctions))]
    public void IsTheFunctionOfSystemMath(TileFunction function)
    {
        double[] x = Elementwise.Samples<double>(5000, seed: 4);
        double[] y = Elementwise.Apply(function, x);
        Assert.Equal(x.Select(Exact[function]), y);
    }

    [Theory]
    [MemberData(nameof(BinaryFunctions))]
    public void BinaryIsTheFunctionOfSystemMath(TileFunction function)
    {
        double[] a = Elementwise.Samples<double>(5000, seed: 5);
        double[] b = Elementwise.Samples<double>(5000, seed: 6);
        Assert.Equal(a.Zip(b, Binary[function]), Elementwise.Apply(function, a, b));
    }

    [Theory]
    [MemberData(nameof(OwnFunctions))]
    public void OwnFunctionIsWithinTenUlp(TileFunction function)
    {
        double[] x = Elementwise.Samples<double>(5000, seed: 7);
        double[] y = Elementwise.Apply(function, x);
        for (int i = 0; i < x.Length; i++)
        {
            double expected = Own[function](x[i]);
            bool close =
                expected.Equals(y[i]) || Math.Abs(expected - y[i]) <= 10 * (Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected));
            Assert.True(close, $"{function}({x[i]:R}) = {y[i]:R}, not {expected:R}");
        }
    }

    /// <summary>Values from Abramowitz and Stegun, table 7.1, and from the asymptotic series.</summary>
    [Theory]
    [InlineData(0.1, 0.1124629160182849)]
    [InlineData(0.5, 0.5204998778130465)]
    [InlineData(1, 0.8427007929497149)]
    [InlineData(2, 0.9953222650189527)]
    [InlineData(2.5, 0.999593047982555)]
    [InlineData(3, 0.9999779095030014)]
    [InlineData(4, 0.9999999845827421)]
    [InlineData(7, 1)]
    public void Erf(double x, double expected)
    {
        double[] erf = Elementwise.Apply(TileFunction.Erf, [x, -x]);
        Assert.Equal(expected, erf[0], 1e-15);
        Assert.Equal(-expected, erf[1], 1e-15);
    }

    [Fact]
    public void ErfOfTinyNumbersKeepsTheirPrecision() =>
        Assert.Equal(2 / Math.Sqrt(Math.PI) * 1e-300, Elementwise.Apply(TileFunction.Erf, [1e-300])[0], 1e-315);

    [Fact]
    public void ModuloTakesTheSignOfTheDivisor() =>
        Assert.Equal([1, 2, -2, -1, 0, double.NaN], Elementwise.Apply(TileFunction.Modulo, [7.0, -7, 7, -7, 6, 1], [3.0, 3, -3, -3, 3, 0]));

    [Fact]
    public void SelectAndMultiplyAdd()
    {
        Assert.Equal([1.0, -2], Elementwise.Apply(TileFunction.Select, [2.0, 0], [1.0, 2], [-1.0, -2]));
        Assert.Equal([10.0, -7], Elementwise.Apply(TileFunction.MultiplyAdd, [2.0, -3], [3.0, 4], [4.0, 5]));
    }
}
