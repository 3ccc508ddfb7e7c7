using System.Numerics;
using Functional.Kernels;
using Xunit;

namespace Functional.Tests;

/// <summary>Copies, fills, padding and concatenation against loops over coordinates.</summary>
public class MovementTests
{
    public static TheoryData<int[], int[]> Permutations =>
        new()
        {
            { [], [] },
            { [7], [0] },
            { [1], [0] },
            { [0, 3], [1, 0] },
            { [5, 3], [1, 0] },
            { [8, 8], [1, 0] },
            { [33, 65], [1, 0] },
            { [300, 257], [1, 0] },
            { [4, 1, 9], [2, 1, 0] },
            { [2, 3, 4], [2, 0, 1] },
            { [3, 17, 9], [0, 2, 1] },
            { [2, 3, 14, 14], [0, 2, 3, 1] },
            { [2, 14, 14, 3], [0, 3, 1, 2] },
            { [2, 3, 1, 4, 5], [4, 2, 0, 3, 1] },
            { [2, 3, 2, 3, 2, 3], [5, 0, 4, 2, 1, 3] },
            { [2, 3, 2, 3, 2, 0], [5, 0, 4, 2, 1, 3] },
        };

    [Theory]
    [MemberData(nameof(Permutations))]
    public void Permutes(int[] shape, int[] permutation)
    {
        long[] strides = RowMajor(shape);
        int[] permuted = [.. permutation.Select(axis => shape[axis])];
        long[] permutedStrides = [.. permutation.Select(axis => strides[axis])];
        CheckCopy<float>(ElementType.Float32, Count(shape), 0, permutedStrides, permuted);
        CheckCopy<double>(ElementType.Float64, Count(shape), 0, permutedStrides, permuted);
        CheckCopy<int>(ElementType.Int32, Count(shape), 0, permutedStrides, permuted);
    }

    public static TheoryData<int, int, long[], int[]> Views =>
        new()
        {
            // elements of the source, offset, strides, shape
            { 12, 11, [-1], [12] },
            { 12, 3, [4, -1], [3, 4] },
            { 12, 8, [-4, 1], [3, 4] },
            { 40, 1, [10, 2], [4, 5] },
            { 5, 0, [0, 1], [7, 5] },
            { 5, 0, [1, 0], [5, 70] },
            { 1, 0, [0, 0, 0], [2, 3, 40] },
            { 6, 0, [3, 0, 1, 0], [2, 2, 3, 2] },
            { 20000, 0, [1], [20000] },
            { 1, 0, [0], [40000] },
            { 40000, 39999, [-200, -1], [200, 200] },
            { 700, 699, [-1, -35], [35, 20] },
        };

    [Theory]
    [MemberData(nameof(Views))]
    public void CopiesViews(int count, int offset, long[] strides, int[] shape)
    {
        CheckCopy<float>(ElementType.Float32, count, offset, strides, shape);
        CheckCopy<double>(ElementType.Float64, count, offset, strides, shape);
    }

    [Theory]
    [InlineData(new[] { 3, 4 }, new[] { 5, 9 }, new[] { 1, 2 })]
    [InlineData(new[] { 30, 40 }, new[] { 30, 41 }, new[] { 0, 1 })]
    [InlineData(new[] { 4, 1 }, new[] { 4, 3 }, new[] { 0, 2 })]
    [InlineData(new[] { 2, 3, 20 }, new[] { 4, 5, 25 }, new[] { 1, 2, 3 })]
    [InlineData(new[] { 2, 0, 20 }, new[] { 4, 5, 25 }, new[] { 1, 2, 3 })]
    public void WritesNothingOutsideOfTheRegion(int[] shape, int[] outputShape, int[] corner)
    {
        long[] outputStrides = RowMajor(outputShape);
        long start = corner.Zip(outputStrides, (position, stride) => position * stride).Sum();
        float[] input = Numbers<float>(Count(shape));
        float[] expected = Numbers<float>(Count(outputShape));
        float[] copied = [.. expected];
        float[] filled = [.. expected];
        float[] expectedFill = [.. expected];
        long element = 0;
        foreach (long place in Places(shape, outputStrides, start))
        {
            expected[place] = input[element++];
            expectedFill[place] = -2.5f;
        }

        var region = new Operand(1, start * sizeof(float));
        var copy = new CopyKernel(ElementType.Float32, new Operand(0, 0), RowMajor(shape), region, outputStrides, shape);
        KernelHarness.Run(copy, 2, input, copied);
        Assert.Equal(expected, copied);
        KernelHarness.Run(new FillKernel(ElementType.Float32, -2.5, region, outputStrides, shape), 2, input, filled);
        Assert.Equal(expectedFill, filled);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_001)]
    public void FillsTensorsOfEveryType(int count)
    {
        CheckFill(ElementType.Float32, count, 0.1, 0.1f);
        CheckFill(ElementType.Float32, count, double.NegativeInfinity, float.NegativeInfinity);
        CheckFill(ElementType.Float64, count, 0.1, 0.1);
        CheckFill(ElementType.Int32, count, -3.0, -3);
    }

    [Theory]
    [InlineData(new[] { 3 }, new[] { 2 }, new[] { 0 })]
    [InlineData(new[] { 3, 4 }, new[] { 0, 0 }, new[] { 0, 0 })]
    [InlineData(new[] { 3, 4 }, new[] { 1, 2 }, new[] { 3, 4 })]
    [InlineData(new[] { 0, 4 }, new[] { 1, 2 }, new[] { 3, 0 })]
    [InlineData(new[] { 2, 3, 28, 28 }, new[] { 0, 0, 2, 2 }, new[] { 0, 0, 2, 2 })]
    [InlineData(new[] { 2, 1, 3, 2, 1, 2 }, new[] { 1, 0, 2, 0, 1, 1 }, new[] { 0, 1, 1, 2, 0, 3 })]
    public void Pads(int[] shape, int[] low, int[] high)
    {
        int[] padded = [.. shape.Select((length, axis) => low[axis] + length + high[axis])];
        long[] strides = RowMajor(padded);
        double[] input = Numbers<double>(Count(shape));
        double[] expected = [.. Enumerable.Repeat(7.5, (int)Count(padded))];
        long element = 0;
        foreach (long place in Places(shape, strides, low.Zip(strides, (position, stride) => position * stride).Sum()))
            expected[place] = input[element++];

        double[] output = new double[expected.Length];
        KernelHarness.Run(
            new PadKernel(ElementType.Float64, new Operand(0, 0), new Operand(1, 0), shape, low, high, 7.5),
            3,
            input,
            output
        );
        Assert.Equal(expected, output);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Concatenates(int axis)
    {
        int[][] shapes = [.. new[] { 2, 0, 1, 5 }.Select(length => new[] { 3, 4, 6 }.Select((n, i) => i == axis ? length : n).ToArray())];
        int[] whole = [.. shapes[0]];
        whole[axis] = shapes.Sum(shape => shape[axis]);
        long[] strides = RowMajor(whole);
        int[][] inputs = [.. shapes.Select((shape, i) => Numbers<int>(Count(shape)).Select(x => x + 1000 * i).ToArray())];
        int[] expected = new int[Count(whole)];
        long start = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            long element = 0;
            foreach (long place in Places(shapes[i], strides, start))
                expected[place] = inputs[i][element++];
            start += shapes[i][axis] * strides[axis];
        }

        int[] output = new int[expected.Length];
        Operand[] operands = [.. shapes.Select((_, slot) => new Operand(slot, 0))];
        var kernel = new ConcatKernel(ElementType.Int32, operands, shapes, axis, new Operand(4, 0));
        KernelHarness.Run(kernel, 2, inputs[0], inputs[1], inputs[2], inputs[3], output);
        Assert.Equal(expected, output);
    }

    [Fact]
    public void RefusesWhatDoesNotFit()
    {
        var operand = new Operand(0, 0);
        Assert.Throws<ArgumentException>(() => new CopyKernel(ElementType.Float32, operand, [1], operand, [2, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FillKernel(ElementType.Int32, 0.5, operand, [2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FillKernel(ElementType.Int32, double.NaN, operand, [2]));
        Assert.Throws<ArgumentException>(() => new PadKernel(ElementType.Float32, operand, operand, [2], [-1], [0], 0));
        Assert.Throws<ArgumentException>(() => new PadKernel(ElementType.Float32, operand, operand, [2], [1, 1], [0], 0));
        Assert.Throws<ArgumentException>(() => new ConcatKernel(ElementType.Float32, [], [], 0, operand));
        Assert.Throws<ArgumentException>(() =>
            new ConcatKernel(
                ElementType.Float32,
                [operand, operand],
                [
                    [2, 3],
                    [3, 2],
                ],
                0,
                operand
            )
        );
        Assert.Throws<ArgumentException>(() =>
            new ConcatKernel(
                ElementType.Float32,
                [operand],
                [
                    [2],
                ],
                1,
                operand
            )
        );
    }

    [Fact]
    public void AllocatesNothing()
    {
        float[] input = new float[600];
        float[] output = new float[1200];
        var copy = new CopyKernel(ElementType.Float32, new Operand(0, 0), [1, 30], new Operand(1, 0), [30, 20]);
        Assert.Equal(0, KernelHarness.AllocatedBytes(copy, input, output));
        var pad = new PadKernel(ElementType.Float32, new Operand(0, 0), new Operand(1, 0), [30, 20], [0, 10], [0, 10], 1);
        Assert.Equal(0, KernelHarness.AllocatedBytes(pad, input, output));
    }

    private static void CheckCopy<T>(ElementType type, long sourceCount, int offset, long[] strides, int[] shape)
        where T : unmanaged, INumber<T>
    {
        // One element of padding in front makes the byte offsets matter and the rows unaligned.
        T[] input = Numbers<T>(sourceCount + 1);
        T[] expected = [input[0], .. Places(shape, strides, offset + 1).Select(place => input[place])];
        int size = System.Runtime.InteropServices.Marshal.SizeOf<T>();
        for (int threads = 1; threads <= 3; threads++)
        {
            T[] output = new T[expected.Length];
            output[0] = input[0];
            var kernel = new CopyKernel(type, new Operand(0, (offset + 1) * size), strides, new Operand(1, size), shape);
            KernelHarness.Run(kernel, threads, input, output);
            Assert.Equal(expected, output);
        }
    }

    private static void CheckFill<T>(ElementType type, int count, double value, T expected)
        where T : unmanaged
    {
        var output = new T[count];
        KernelHarness.Run(new FillKernel(type, value, new Operand(0, 0), [count]), 2, output);
        Assert.All(output, element => Assert.Equal(expected, element));
    }

    private static T[] Numbers<T>(long count)
        where T : INumber<T> => [.. Enumerable.Range(1, (int)count).Select(T.CreateChecked)];

    private static long Count(int[] shape) => shape.Aggregate(1L, (product, length) => product * length);

    private static long[] RowMajor(int[] shape) => [.. shape.Select((_, axis) => Count(shape[(axis + 1)..]))];

    /// <summary>The places of all elements of a view, in row-major order.</summary>
    private static IEnumerable<long> Places(int[] shape, long[] strides, long start) =>
        shape.Length == 0
            ? [start]
            : Enumerable.Range(0, shape[0]).SelectMany(step => Places(shape[1..], strides[1..], start + step * strides[0]));
}
