using System.Numerics;
using Functional.Kernels;
using Xunit;

namespace Functional.Tests;

/// <summary>Row look-up and its gradient against loops.</summary>
public class IndexingTests
{
    public static TheoryData<int, int, int> Shapes =>
        new()
        {
            // rows, width, count
            { 1, 1, 1 },
            { 5, 3, 0 },
            { 5, 0, 4 },
            { 0, 3, 0 },
            { 7, 1, 50 },
            { 10, 33, 4 },
            { 3, 784, 150 },
            { 300, 20, 2000 },
            { 40, 300, 130 },
            { 5000, 1, 30_000 },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void GathersRows(int rows, int width, int count)
    {
        CheckGather<float>(ElementType.Float32, rows, width, count);
        CheckGather<double>(ElementType.Float64, rows, width, count);
        CheckGather<int>(ElementType.Int32, rows, width, count);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ScatterAddsInOrder(int rows, int width, int count)
    {
        CheckScatterAdd<float>(ElementType.Float32, rows, width, count);
        CheckScatterAdd<double>(ElementType.Float64, rows, width, count);
        CheckScatterAdd<int>(ElementType.Int32, rows, width, count);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void RefusesAnIndexThatNamesNoRow(int index)
    {
        int[] indices = [0, 3, index, -7];
        string message = $": index {index} at position 2 is out of range; it must be from 0 to 3.";
        var gather = new GatherKernel(ElementType.Float32, new Operand(0, 0), new Operand(1, 0), new Operand(2, 0), 4, 2, 4);
        float[] output = new float[8];
        var error = Assert.Throws<IndexOutOfRangeException>(() => KernelHarness.Run(gather, 2, new float[8], indices, output));
        Assert.Equal("gather" + message, error.Message);
        var scatter = new ScatterAddKernel(ElementType.Float32, new Operand(0, 0), new Operand(1, 0), new Operand(2, 0), 4, 2, 4);
        error = Assert.Throws<IndexOutOfRangeException>(() => KernelHarness.Run(scatter, 2, new float[8], indices, output));
        Assert.Equal("scatterAdd" + message, error.Message);
    }

    [Fact]
    public void RefusesEveryIndexIntoAnEmptyTable()
    {
        var gather = new GatherKernel(ElementType.Float32, new Operand(0, 0), new Operand(1, 0), new Operand(2, 0), 0, 2, 1);
        var error = Assert.Throws<IndexOutOfRangeException>(() => KernelHarness.Run(gather, 1, new float[0], new[] { 0 }, new float[2]));
        Assert.Equal("gather: index 0 at position 0 is out of range; the table has no rows.", error.Message);
    }

    [Fact]
    public void AllocatesNothing()
    {
        var gather = new GatherKernel(ElementType.Float32, new Operand(0, 0), new Operand(1, 0), new Operand(2, 0), 4, 2, 4);
        Assert.Equal(0, KernelHarness.AllocatedBytes(gather, new float[8], new int[4], new float[8]));
        var scatter = new ScatterAddKernel(ElementType.Float32, new Operand(0, 0), new Operand(1, 0), new Operand(2, 0), 4, 2, 4);
        Assert.Equal(0, KernelHarness.AllocatedBytes(scatter, new float[8], new int[4], new float[8]));
    }

    private static void CheckGather<T>(ElementType type, int rows, int width, int count)
        where T : unmanaged, INumber<T>
    {
        T[] table = Numbers<T>(rows * width);
        int[] indices = Indices(rows, count);
        T[] expected = [.. indices.SelectMany(index => table.Skip(index * width).Take(width))];
        for (int threads = 1; threads <= 3; threads++)
        {
            var output = new T[count * width];
            var kernel = new GatherKernel(type, new Operand(0, 0), new Operand(1, 0), new Operand(2, 0), rows, width, count);
            KernelHarness.Run(kernel, threads, table, indices, output);
            Assert.Equal(expected, output);
        }
    }

    private static void CheckScatterAdd<T>(ElementType type, int rows, int width, int count)
        where T : unmanaged, INumber<T>
    {
        T[] values = Numbers<T>(count * width);
        int[] indices = Indices(rows, count);
        var expected = new T[rows * width];
        for (int i = 0; i < count; i++)
        {
            for (int column = 0; column < width; column++)
                expected[indices[i] * width + column] += values[i * width + column];
        }

        for (int threads = 1; threads <= 3; threads++)
        {
            T[] output = Numbers<T>(expected.Length);
            var kernel = new ScatterAddKernel(type, new Operand(0, 0), new Operand(1, 0), new Operand(2, 0), rows, width, count);
            KernelHarness.Run(kernel, threads, values, indices, output);
            Assert.Equal(expected, output);
        }
    }

    private static int[] Indices(int rows, int count)
    {
        var random = new Random(11);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(rows))];
    }

    /// <summary>Numbers whose sums round, so that another order would give other bits.</summary>
    private static T[] Numbers<T>(int count)
        where T : INumber<T>
    {
        var random = new Random(13);
        return [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(random.NextDouble() * 2000 - 1000))];
    }

    [Fact]
    public void Rows_are_copied_in_their_order_and_no_others()
    {
        const int size = 5;
        float[] table = [.. Enumerable.Range(0, 9 * size).Select(i => (float)i)];
        int[] order = [8, 0, 3, 3, 7, 1];
        float[] copied = new float[4 * size + 1];
        Rows.Copy(table, size, order, 4, copied);
        for (int i = 0; i < 4 * size; i++)
            Assert.Equal(table[order[i / size] * size + i % size], copied[i]);
        Assert.Equal(0, copied[^1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Rows.Copy(table, size, [9], 1, copied));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rows.Copy(table, size, order, 5, copied));
    }
}
