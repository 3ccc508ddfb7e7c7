using System.Numerics;
using Functional.Kernels;
using Functional.Kernels.Tile;
using Xunit;

namespace Functional.Tests.Tile;

/// <summary>Row reductions against float64, with the same bits at any thread count.</summary>
public class TileReduceTests
{
    public static TheoryData<int, int> Shapes =>
        new()
        {
            { 1, 1 },
            { 1, 1_000_003 },
            { 3000, 10 },
            { 7, 1024 },
            { 7, 1025 },
            { 40, 5000 },
            { 333, 600 },
            { 5, 33 },
            { 0, 4 },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void SumsOfSquares(int rows, int rowLength)
    {
        var random = new System.Random(rows + rowLength);
        double[] x = [.. Enumerable.Range(0, rows * rowLength).Select(_ => random.NextDouble() - 0.25)];
        double[] expected = Rows(x, rows, row => row.Sum(value => value * value));
        double[] sums = Reduce(x, TileFunction.Square, TileReduction.Sum, rows, rowLength);
        float[] narrow = Reduce([.. x.Select(value => (float)value)], TileFunction.Square, TileReduction.Sum, rows, rowLength);
        for (int row = 0; row < rows; row++)
        {
            Assert.Equal(expected[row], sums[row], Math.Abs(expected[row]) * 1e-13);
            Assert.Equal(expected[row], narrow[row], Math.Abs(expected[row]) * 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ExtremesAndIntegers(int rows, int rowLength)
    {
        var random = new System.Random(rows * 31 + rowLength);
        int[] x = [.. Enumerable.Range(0, rows * rowLength).Select(_ => random.Next(-1_000_000, 1_000_000))];
        float[] narrow = [.. x.Select(value => (float)value)];
        Assert.Equal(Rows(x, rows, row => row.Max()), Reduce(x, TileFunction.Identity, TileReduction.Maximum, rows, rowLength));
        Assert.Equal(Rows(x, rows, row => row.Min()), Reduce(x, TileFunction.Identity, TileReduction.Minimum, rows, rowLength));
        Assert.Equal(
            Rows(x, rows, row => unchecked((int)row.Sum(v => (long)v))),
            Reduce(x, TileFunction.Identity, TileReduction.Sum, rows, rowLength)
        );
        Assert.Equal(Rows(narrow, rows, row => row.Max()), Reduce(narrow, TileFunction.Identity, TileReduction.Maximum, rows, rowLength));
        Assert.Equal(Rows(narrow, rows, row => -row.Max()), Reduce(narrow, TileFunction.Negate, TileReduction.Minimum, rows, rowLength));
    }

    [Fact]
    public void ProductsAndNaN()
    {
        Assert.Equal([24f, -1f], Reduce([1f, 2, 3, 4, -1, 1, 1, 1], TileFunction.Identity, TileReduction.Product, 2, 4));
        Assert.Equal([float.NaN, 4f], Reduce([1f, float.NaN, 3, 4], TileFunction.Identity, TileReduction.Maximum, 2, 2));
        Assert.Equal([float.NaN, 3f], Reduce([1f, float.NaN, 3, 4], TileFunction.Identity, TileReduction.Minimum, 2, 2));
        Assert.Equal(
            [float.NegativeInfinity],
            Reduce([float.NegativeInfinity, float.NegativeInfinity], TileFunction.Identity, TileReduction.Maximum, 1, 2)
        );
    }

    [Fact]
    public void TheProgramMayStoreAsWell()
    {
        const int rows = 40,
            rowLength = 1500;
        float[] x = [.. Enumerable.Range(0, rows * rowLength).Select(i => (float)(i % 8))];
        var sums = new float[rows];
        TileProgram program = Program<float>(TileFunction.Negate, x.Length, store: true);
        float[] expected = [.. x.Select(value => -value)];
        float[] expectedSums = [.. expected.Chunk(rowLength).Select(row => row.Sum())];
        KernelHarness.Run(new TileReduceKernel(program, TileReduction.Sum, rowLength, new(1)), 3, x, sums);
        Assert.Equal(expected, x);
        Assert.Equal(expectedSums, sums);
    }

    [Fact]
    public void AConstantIsSummedAsAnyOther()
    {
        var program = new TileProgram(5000, [], [], [TileInstruction.Constant(ElementType.Float64, 0, 0.5)], result: 0);
        double[] sums = new double[5];
        KernelHarness.Run(new TileReduceKernel(program, TileReduction.Sum, 1000, new(0)), 1, sums);
        Assert.All(sums, sum => Assert.Equal(500, sum));
    }

    [Fact]
    public void RefusesWhatMakesNoRows()
    {
        TileProgram program = Program<float>(TileFunction.Negate, 10, store: false);
        Assert.Throws<ArgumentException>(() => new TileReduceKernel(program, TileReduction.Sum, 3, new(1)));
        Assert.Throws<ArgumentException>(() => new TileReduceKernel(program, TileReduction.Sum, 0, new(1)));
        TileProgram without = Elementwise.Program<float>(TileFunction.Negate, 10);
        Assert.Throws<ArgumentException>(() => new TileReduceKernel(without, TileReduction.Sum, 5, new(1)));
    }

    private static R[] Rows<T, R>(T[] x, int rows, Func<T[], R> reduce) => rows == 0 ? [] : [.. x.Chunk(x.Length / rows).Select(reduce)];

    private static T[] Reduce<T>(T[] x, TileFunction function, TileReduction reduction, int rows, int rowLength)
        where T : unmanaged, INumber<T>
    {
        var kernel = new TileReduceKernel(Program<T>(function, x.Length, store: false), reduction, rowLength, new(1));
        T[][] results = [new T[rows], new T[rows], new T[rows]];
        for (int threads = 1; threads <= 3; threads++)
            KernelHarness.Run(kernel, threads, x, results[threads - 1]);
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
        return results[0];
    }

    private static TileProgram Program<T>(TileFunction function, int count, bool store)
    {
        ElementType type = Elementwise.TypeOf<T>();
        TileInstruction[] instructions = [TileInstruction.Load(type, 0, 0), TileInstruction.Apply(function, type, 1, 0)];
        TileOutput[] outputs = store ? [new(type, new(0))] : [];
        return new(
            count,
            [TileView.Contiguous(type, new(0), count)],
            outputs,
            store ? [.. instructions, TileInstruction.Store(type, 0, 1)] : instructions,
            result: 1
        );
    }
}
