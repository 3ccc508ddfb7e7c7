using Functional.Kernels;
using Functional.Kernels.Tile;
using Functional.Tests.Tile;
using Xunit;

namespace Functional.Tests.Simd;

/// <summary>Int32 functions, and casts among the three types.</summary>
public class Int32FunctionTests
{
    private static readonly int[] Left = [0, 1, -1, 7, -7, 7, -7, int.MaxValue, int.MinValue, int.MaxValue, 5, 0, 123456789];
    private static readonly int[] Right = [0, 2, -3, 3, 3, -3, -3, 1, 1, int.MaxValue, 0, 5, 1000];

    private static readonly Dictionary<TileFunction, Func<int, int, int>> Binary = new()
    {
        [TileFunction.Add] = (a, b) => unchecked(a + b),
        [TileFunction.Subtract] = (a, b) => unchecked(a - b),
        [TileFunction.Multiply] = (a, b) => unchecked(a * b),
        [TileFunction.Minimum] = Math.Min,
        [TileFunction.Maximum] = Math.Max,
        [TileFunction.Equal] = (a, b) => a == b ? 1 : 0,
        [TileFunction.NotEqual] = (a, b) => a != b ? 1 : 0,
        [TileFunction.Less] = (a, b) => a < b ? 1 : 0,
        [TileFunction.LessOrEqual] = (a, b) => a <= b ? 1 : 0,
        [TileFunction.Greater] = (a, b) => a > b ? 1 : 0,
        [TileFunction.GreaterOrEqual] = (a, b) => a >= b ? 1 : 0,
    };

    public static TheoryData<TileFunction> BinaryFunctions => [.. Binary.Keys];

    [Theory]
    [MemberData(nameof(BinaryFunctions))]
    public void BinaryFunction(TileFunction function) =>
        Assert.Equal(Left.Zip(Right, Binary[function]), Elementwise.Apply(function, Left, Right));

    [Fact]
    public void UnaryFunctions()
    {
        int[] x = [0, 5, -5, int.MinValue, int.MaxValue];
        Assert.Equal([0, -5, 5, int.MinValue, -int.MaxValue], Elementwise.Apply(TileFunction.Negate, x));
        Assert.Equal([0, 5, 5, int.MinValue, int.MaxValue], Elementwise.Apply(TileFunction.Abs, x));
        Assert.Equal([0, 1, -1, -1, 1], Elementwise.Apply(TileFunction.Sign, x));
        Assert.Equal([0, 25, 25, 0, 1], Elementwise.Apply(TileFunction.Square, x));
    }

    [Fact]
    public void DivideIsTheFloorOfTheQuotient() =>
        Assert.Equal(
            [2, -3, -3, 2, int.MaxValue, int.MinValue, 0, int.MaxValue],
            Elementwise.Apply(TileFunction.Divide, [7, -7, 7, -7, 5, -5, 0, int.MaxValue], [3, 3, -3, -3, 0, 0, 0, 1])
        );

    [Fact]
    public void ModuloTakesTheSignOfTheDivisor() =>
        Assert.Equal([1, 2, -2, -1, 0], Elementwise.Apply(TileFunction.Modulo, [7, -7, 7, -7, 5], [3, 3, -3, -3, 0]));

    [Fact]
    public void Power() => Assert.Equal([8, -8, 1, 0], Elementwise.Apply(TileFunction.Power, [2, -2, 7, 2], [3, 3, 0, -1]));

    [Fact]
    public void SelectAndMultiplyAdd()
    {
        Assert.Equal([1, -2], Elementwise.Apply(TileFunction.Select, [2, 0], [1, 2], [-1, -2]));
        Assert.Equal([10, -7], Elementwise.Apply(TileFunction.MultiplyAdd, [2, -3], [3, 4], [4, 5]));
    }

    [Fact]
    public void CastsTruncateAndSaturate()
    {
        double[] x = [0, 1.9, -1.9, 3e9, -3e9, double.NaN, double.PositiveInfinity, 0.1];
        int[] integers = [0, 1, -1, int.MaxValue, int.MinValue, 0, int.MaxValue, 0];
        Assert.Equal(integers, Cast<double, int>(x));
        Assert.Equal(integers, Cast<float, int>([.. x.Select(value => (float)value)]));
        Assert.Equal([0.1f, 1e30f, float.PositiveInfinity], Cast<double, float>([0.1, 1e30, 1e300]));
        Assert.Equal([0.1f, -2], Cast<float, double>([0.1f, -2]));
        Assert.Equal([16777216f, -5], Cast<int, float>([16777217, -5]));
        Assert.Equal([16777217, -5], Cast<int, double>([16777217, -5]));
        Assert.Equal([1.5f], Cast<float, float>([1.5f]));
    }

    private static TTo[] Cast<TFrom, TTo>(TFrom[] x)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        ElementType from = Elementwise.TypeOf<TFrom>(),
            to = Elementwise.TypeOf<TTo>();
        var program = new TileProgram(
            x.Length,
            [TileView.Contiguous(from, new(0), x.Length)],
            [new(to, new(1))],
            [TileInstruction.Load(from, 0, 0), TileInstruction.Cast(to, 1, 0), TileInstruction.Store(to, 0, 1)]
        );
        var y = new TTo[x.Length];
        KernelHarness.Run(new TileKernel(program), 1, x, y);
        return y;
    }
}
