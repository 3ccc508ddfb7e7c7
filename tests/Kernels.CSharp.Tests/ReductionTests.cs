using System.Numerics;
using System.Runtime.InteropServices;
using Functional.Kernels;
using Xunit;

namespace Functional.Tests;

/// <summary>Reductions and arg-max over the middle axis against loops in float64.</summary>
public class ReductionTests
{
    public static TheoryData<int, int, int> Shapes =>
        new()
        {
            // outer, reduce, inner
            { 1, 1, 1 },
            { 0, 3, 2 },
            { 3, 2, 0 },
            { 2, 0, 5 },
            { 4, 0, 1 },
            { 3, 5, 1 },
            { 7, 10, 1 },
            { 2, 1023, 1 },
            { 2, 1025, 1 },
            { 1, 40_001, 1 },
            { 130, 131, 1 },
            { 1, 150, 500 },
            { 3, 63, 3 },
            { 2, 64, 17 },
            { 2, 65, 33 },
            { 5, 129, 7 },
            { 1, 5000, 10 },
            { 2, 700, 257 },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ReducesFloat32(int outer, int reduce, int inner) => Check<float>(ElementType.Float32, outer, reduce, inner, 1e-6);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ReducesFloat64(int outer, int reduce, int inner) => Check<double>(ElementType.Float64, outer, reduce, inner, 1e-14);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ReducesInt32(int outer, int reduce, int inner)
    {
        int[] input = new int[outer * reduce * inner];
        var random = new Random(5);
        for (int i = 0; i < input.Length; i++)
            input[i] = random.Next(int.MinValue, int.MaxValue);
        foreach (ReduceOp op in Enum.GetValues<ReduceOp>())
        {
            Func<int, int, int> combine = op switch
            {
                ReduceOp.Sum => (a, b) => unchecked(a + b),
                ReduceOp.Prod => (a, b) => unchecked(a * b),
                ReduceOp.Max => Math.Max,
                _ => Math.Min,
            };
            int identity = op switch
            {
                ReduceOp.Sum => 0,
                ReduceOp.Prod => 1,
                ReduceOp.Max => int.MinValue,
                _ => int.MaxValue,
            };
            int[] output = Reduce(ElementType.Int32, op, input, outer, reduce, inner, 2);
            for (int i = 0; i < output.Length; i++)
                Assert.Equal(Column(input, reduce, inner, i).Aggregate(identity, combine), output[i]);
        }
    }

    [Theory]
    [InlineData(1_000_000, 1)]
    [InlineData(1_000_000, 3)]
    public void LongSumsStayAccurate(int reduce, int inner)
    {
        var input = new float[reduce * inner];
        var random = new Random(1);
        for (int i = 0; i < input.Length; i++)
            input[i] = random.NextSingle();
        float[] output = Reduce(ElementType.Float32, ReduceOp.Sum, input, 1, reduce, inner, 2);
        for (int column = 0; column < inner; column++)
        {
            double expected = Column(input, reduce, inner, column).Sum(x => (double)x);
            Assert.Equal(1.0, output[column] / expected, 1e-6);
        }
    }

    [Theory]
    [InlineData(1, 3, 1)]
    [InlineData(1, 70, 1)]
    [InlineData(1, 3000, 1)]
    [InlineData(1, 300, 40)]
    public void NotANumberAndSignedZeroFollowIeee(int outer, int reduce, int inner)
    {
        foreach (int place in new[] { 0, reduce / 2, reduce - 1 })
        {
            var input = new float[outer * reduce * inner];
            Array.Fill(input, -0f);
            input[place * inner] = float.NaN;
            if (inner > 1)
                input[place * inner + 1] = 0f;
            foreach (ReduceOp op in Enum.GetValues<ReduceOp>())
                Assert.True(float.IsNaN(Reduce(ElementType.Float32, op, input, outer, reduce, inner, 1)[0]));
            if (inner > 1)
                Assert.False(float.IsNegative(Reduce(ElementType.Float32, ReduceOp.Max, input, outer, reduce, inner, 1)[1]));
        }
    }

    /// <summary>The order itself: chunks of 64 rows from top to bottom, then neighbours, pairs, fours.</summary>
    [Theory]
    [InlineData(1, 500)]
    [InlineData(64, 3)]
    [InlineData(65, 3)]
    [InlineData(150, 500)]
    [InlineData(3000, 11)]
    public void ColumnSumsHaveTheStatedOrder(int reduce, int inner)
    {
        float[] input = Numbers<float>(reduce * inner);
        float[] output = Reduce(ElementType.Float32, ReduceOp.Sum, input, 1, reduce, inner, 2);
        for (int column = 0; column < inner; column++)
        {
            float[] sums = [.. Column(input, reduce, inner, column).Chunk(64).Select(chunk => chunk.Aggregate((a, b) => a + b))];
            while (sums.Length > 1)
                sums = [.. sums.Chunk(2).Select(pair => pair.Length == 2 ? pair[0] + pair[1] : pair[0])];
            Assert.Equal(BitConverter.SingleToInt32Bits(sums[0]), BitConverter.SingleToInt32Bits(output[column]));
        }
    }

    [Fact]
    public void AColumnDoesNotDependOnItsNeighbours()
    {
        const int Reduce = 1000;
        float[] wide = Numbers<float>(Reduce * 300);
        float[] sums = ReductionTests.Reduce(ElementType.Float32, ReduceOp.Sum, wide, 1, Reduce, 300, 1);
        for (int first = 0; first < 300; first += 37)
        {
            int width = Math.Min(37, 300 - first);
            float[] narrow = [.. Enumerable.Range(0, Reduce).SelectMany(row => wide.Skip(row * 300 + first).Take(width))];
            float[] part = ReductionTests.Reduce(ElementType.Float32, ReduceOp.Sum, narrow, 1, Reduce, width, 1);
            Assert.Equal(sums.Skip(first).Take(width), part);
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(0, 3, 2)]
    [InlineData(128, 10, 1)]
    [InlineData(3, 50, 7)]
    [InlineData(2, 9, 64)]
    [InlineData(1, 33, 200)]
    [InlineData(40, 1000, 1)]
    public void ArgMaxIsTheFirstMaximum(int outer, int reduce, int inner)
    {
        // Few distinct values, so that ties are common.
        var random = new Random(3);
        float[] input = [.. Enumerable.Range(0, outer * reduce * inner).Select(_ => (float)random.Next(-4, 4))];
        CheckArgMax(ElementType.Float32, input, outer, reduce, inner);
        CheckArgMax(ElementType.Float64, [.. input.Select(x => (double)x)], outer, reduce, inner);
        CheckArgMax(ElementType.Int32, [.. input.Select(x => (int)x)], outer, reduce, inner);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ArgMaxTakesTheFirstNaN(int inner)
    {
        float[] rows = [1, 9, float.NaN, float.PositiveInfinity, float.NaN];
        float[] input = [.. rows.SelectMany(x => Enumerable.Repeat(x, inner))];
        var output = new int[inner];
        KernelHarness.Run(new ArgMaxKernel(ElementType.Float32, new Operand(0, 0), new Operand(1, 0), 1, 5, inner), 1, input, output);
        Assert.All(output, position => Assert.Equal(2, position));
    }

    [Fact]
    public void ArgMaxRefusesAnEmptyAxis() =>
        Assert.Throws<ArgumentException>(() => new ArgMaxKernel(ElementType.Float32, new Operand(0, 0), new Operand(1, 0), 2, 0, 1));

    [Fact]
    public void AllocatesNothing()
    {
        var columns = new ReduceKernel(ElementType.Float32, ReduceOp.Sum, new Operand(0, 0), new Operand(1, 0), 1, 150, 500);
        Assert.Equal(0, KernelHarness.AllocatedBytes(columns, new float[150 * 500], new float[500]));
        var rows = new ReduceKernel(ElementType.Float32, ReduceOp.Max, new Operand(0, 0), new Operand(1, 0), 10, 5000, 1);
        Assert.Equal(0, KernelHarness.AllocatedBytes(rows, new float[50_000], new float[10]));
    }

    private static void Check<T>(ElementType type, int outer, int reduce, int inner, double tolerance)
        where T : unmanaged, IFloatingPoint<T>
    {
        T[] input = Numbers<T>(outer * reduce * inner);
        foreach (ReduceOp op in Enum.GetValues<ReduceOp>())
        {
            T[] output = Reduce(type, op, input, outer, reduce, inner, 1);
            for (int i = 0; i < output.Length; i++)
            {
                double[] column = [.. Column(input, reduce, inner, i).Select(double.CreateChecked)];
                (double expected, double scale) = op switch
                {
                    ReduceOp.Sum => (column.Sum(), column.Sum(Math.Abs)),
                    ReduceOp.Prod => Product(column),
                    ReduceOp.Max => (column.Append(double.NegativeInfinity).Max(), 0),
                    _ => (column.Append(double.PositiveInfinity).Min(), 0),
                };
                double actual = double.CreateChecked(output[i]);
                Assert.True(
                    actual == expected || Math.Abs(actual - expected) <= tolerance * scale,
                    $"{op} of [{outer}, {reduce}, {inner}] at {i} is {actual}, not {expected}."
                );
            }

            Assert.Equal(Bytes(output), Bytes(Reduce(type, op, input, outer, reduce, inner, 2)));
            Assert.Equal(Bytes(output), Bytes(Reduce(type, op, input, outer, reduce, inner, 3)));
        }
    }

    /// <summary>A product and the scale of its rounding error, which grows with the number of factors.</summary>
    private static (double Value, double Scale) Product(double[] factors)
    {
        double product = factors.Aggregate(1.0, (a, b) => a * b);
        return (product, Math.Max(Math.Abs(product) * factors.Length, float.Epsilon * 1e7));
    }

    private static void CheckArgMax<T>(ElementType type, T[] input, int outer, int reduce, int inner)
        where T : unmanaged, INumber<T>
    {
        int[] expected = new int[outer * inner];
        for (int i = 0; i < expected.Length; i++)
        {
            T[] column = [.. Column(input, reduce, inner, i)];
            expected[i] = Array.IndexOf(column, column.Max());
        }

        for (int threads = 1; threads <= 3; threads++)
        {
            int[] output = new int[expected.Length];
            KernelHarness.Run(new ArgMaxKernel(type, new Operand(0, 0), new Operand(1, 0), outer, reduce, inner), threads, input, output);
            Assert.Equal(expected, output);
        }
    }

    private static T[] Reduce<T>(ElementType type, ReduceOp op, T[] input, int outer, int reduce, int inner, int threads)
    {
        var output = new T[outer * inner];
        KernelHarness.Run(new ReduceKernel(type, op, new Operand(0, 0), new Operand(1, 0), outer, reduce, inner), threads, input, output);
        return output;
    }

    private static IEnumerable<T> Column<T>(T[] input, int reduce, int inner, int i) =>
        Enumerable.Range(0, reduce).Select(row => input[(i / inner * reduce + row) * inner + i % inner]);

    private static T[] Numbers<T>(int count)
        where T : IFloatingPoint<T>
    {
        // Around ±1, so that products of many factors stay finite.
        var random = new Random(7);
        return [.. Enumerable.Range(0, count).Select(_ => T.CreateChecked((random.NextDouble() * 0.2 + 0.9) * (random.Next(2) * 2 - 1)))];
    }

    private static byte[] Bytes<T>(T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
