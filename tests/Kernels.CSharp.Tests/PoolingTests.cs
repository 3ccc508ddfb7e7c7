using System.Numerics;
using Functional.Kernels;
using Xunit;

namespace Functional.Tests;

/// <summary>Picking and scattering at window maxima against loops over windows and taps.</summary>
public class PoolingTests
{
    public static TheoryData<int, PoolAxis, PoolAxis> Shapes =>
        new()
        {
            { 1, new(1, 1, 1), new(1, 1, 1) },
            { 0, new(4, 2, 2), new(4, 2, 2) },
            { 3, new(0, 2, 2), new(4, 2, 2) },
            { 3, new(1, 2, 2), new(4, 2, 2) },
            { 2, new(4, 2, 2), new(6, 2, 2) },
            { 2, new(6, 2, 2), new(8, 2, 2) },
            { 3, new(7, 2, 2), new(9, 2, 2) },
            { 5, new(14, 2, 2), new(14, 2, 2) },
            { 40, new(28, 2, 2), new(28, 2, 2) },
            { 2, new(29, 2, 2), new(31, 2, 2) },
            { 2, new(6, 2, 2), new(32, 2, 2) },
            { 3, new(5, 2, 2), new(45, 2, 2) },
            { 2, new(7, 2, 1), new(9, 2, 1) },
            { 4, new(14, 3, 2, 1, 1), new(15, 3, 2, 1, 1) },
            { 2, new(8, 3, 3), new(11, 3, 3, 0, 2) },
            { 2, new(9, 2, 3, 1, 0, 2), new(12, 3, 1, 2, 3, 3) },
            { 2, new(3, 3, 1, 2, 2), new(2, 7, 1, 5, 6) },
            { 2, new(6, 3, 1, 2, 2, 2), new(9, 3, 2, 3, 3, 3) },
            { 2, new(5, 5, 1), new(6, 6, 1) },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void PicksFloat32(int planes, PoolAxis height, PoolAxis width) =>
        CheckPick(ElementType.Float32, new PoolShape(planes, height, width), float.NaN);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void PicksFloat64(int planes, PoolAxis height, PoolAxis width) =>
        CheckPick(ElementType.Float64, new PoolShape(planes, height, width), double.NaN);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void PicksInt32(int planes, PoolAxis height, PoolAxis width) =>
        CheckPick(ElementType.Int32, new PoolShape(planes, height, width), 7);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ScattersFloat32(int planes, PoolAxis height, PoolAxis width) =>
        CheckScatter(ElementType.Float32, new PoolShape(planes, height, width), float.NaN);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ScattersFloat64(int planes, PoolAxis height, PoolAxis width) =>
        CheckScatter(ElementType.Float64, new PoolShape(planes, height, width), double.NaN);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ScattersInt32(int planes, PoolAxis height, PoolAxis width) =>
        CheckScatter(ElementType.Int32, new PoolShape(planes, height, width), 7);

    [Fact]
    public void PoolsWithTheInputAsValues()
    {
        float[] x = [1, 5, 2, 0, 3, 4, 8, 8];
        float[] output = new float[2];
        var shape = new PoolShape(1, new PoolAxis(2, 2, 2), new PoolAxis(4, 2, 2));
        var kernel = new MaxPickKernel(ElementType.Float32, shape, new Operand(0, 0), new Operand(0, 0), new Operand(1, 0));
        KernelHarness.Run(kernel, 1, x, output);
        Assert.Equal([5f, 8f], output);
    }

    [Theory]
    [InlineData(28, 2, 2, 0, 0, 1, 14)]
    [InlineData(28, 3, 2, 1, 1, 1, 14)]
    [InlineData(5, 3, 1, 0, 0, 2, 1)]
    [InlineData(4, 3, 1, 0, 0, 2, 0)]
    [InlineData(2, 3, 2, 0, 0, 1, 0)]
    [InlineData(7, 1, 3, 0, 0, 1, 3)]
    public void CountsWindows(int length, int window, int stride, int padLow, int padHigh, int dilation, int windows) =>
        Assert.Equal(windows, new PoolAxis(length, window, stride, padLow, padHigh, dilation).Windows);

    [Theory]
    [InlineData(-1, 1, 1, 0, 0, 1)]
    [InlineData(1, 0, 1, 0, 0, 1)]
    [InlineData(1, 1, 0, 0, 0, 1)]
    [InlineData(1, 1, 1, -1, 0, 1)]
    [InlineData(1, 1, 1, 0, -1, 1)]
    [InlineData(1, 1, 1, 0, 0, 0)]
    public void RefusesImpossibleWindows(int length, int window, int stride, int padLow, int padHigh, int dilation) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PoolAxis(length, window, stride, padLow, padHigh, dilation));

    [Theory]
    [InlineData(2, 2, 1, 3, 0, 1)]
    [InlineData(1, 2, 1, 3, 3, 5)]
    [InlineData(0, 2, 1, 1, 1, 1)]
    public void RefusesWindowsOfPaddingAlone(int length, int window, int stride, int padLow, int padHigh, int dilation) =>
        Assert.Throws<ArgumentException>(() => new PoolAxis(length, window, stride, padLow, padHigh, dilation));

    [Fact]
    public void AllocatesNothing()
    {
        var shape = new PoolShape(3, new PoolAxis(8, 2, 2), new PoolAxis(8, 2, 2));
        var pick = new MaxPickKernel(ElementType.Float32, shape, new Operand(0, 0), new Operand(0, 0), new Operand(1, 0));
        Assert.Equal(0, KernelHarness.AllocatedBytes(pick, new float[192], new float[48]));
        var scatter = new MaxScatterKernel(ElementType.Float32, shape, new Operand(0, 0), new Operand(1, 0), new Operand(2, 0));
        Assert.Equal(0, KernelHarness.AllocatedBytes(scatter, new float[192], new float[48], new float[192]));
    }

    private static void CheckPick<T>(ElementType type, PoolShape shape, T largest)
        where T : unmanaged, INumber<T>
    {
        T[] x = Numbers(InCount(shape), largest);
        T[] values = Numbers(InCount(shape), T.One);
        T[] expected = [.. MaximumPlaces(shape, x).Select(place => values[place])];
        for (int threads = 1; threads <= 3; threads++)
        {
            var output = new T[expected.Length];
            KernelHarness.Run(
                new MaxPickKernel(type, shape, new Operand(0, 0), new Operand(1, 0), new Operand(2, 0)),
                threads,
                x,
                values,
                output
            );
            Assert.Equal(expected, output);
        }
    }

    private static void CheckScatter<T>(ElementType type, PoolShape shape, T largest)
        where T : unmanaged, INumber<T>
    {
        T[] x = Numbers(InCount(shape), largest);
        int[] places = [.. MaximumPlaces(shape, x)];
        T[] values = [.. Numbers(places.Length, T.One).Select(value => value / T.CreateChecked(3))];
        T[] expected = new T[x.Length];
        for (int i = 0; i < places.Length; i++)
            expected[places[i]] += values[i];

        for (int threads = 1; threads <= 3; threads++)
        {
            T[] output = Numbers(expected.Length, T.One);
            var kernel = new MaxScatterKernel(type, shape, new Operand(0, 0), new Operand(1, 0), new Operand(2, 0));
            KernelHarness.Run(kernel, threads, x, values, output);
            Assert.Equal(expected, output);
        }
    }

    /// <summary>For each window, where in x its first maximum lies.</summary>
    private static IEnumerable<int> MaximumPlaces<T>(PoolShape shape, T[] x)
        where T : INumber<T>
    {
        for (int plane = 0; plane < shape.Planes; plane++)
        for (int row = 0; row < shape.Height.Windows; row++)
        for (int column = 0; column < shape.Width.Windows; column++)
        {
            int best = -1;
            for (int ky = 0; ky < shape.Height.Window; ky++)
            for (int kx = 0; kx < shape.Width.Window; kx++)
            {
                int y = row * shape.Height.Stride - shape.Height.PadLow + ky * shape.Height.Dilation;
                int at = column * shape.Width.Stride - shape.Width.PadLow + kx * shape.Width.Dilation;
                if (y < 0 || y >= shape.Height.Length || at < 0 || at >= shape.Width.Length)
                    continue;
                int place = (plane * shape.Height.Length + y) * shape.Width.Length + at;
                if (best < 0 || x[place] > x[best] || (T.IsNaN(x[place]) && !T.IsNaN(x[best])))
                    best = place;
            }

            yield return best;
        }
    }

    private static int InCount(PoolShape shape) => shape.Planes * shape.Height.Length * shape.Width.Length;

    /// <summary>Few distinct values, so that ties are common, and one in sixteen the largest.</summary>
    private static T[] Numbers<T>(int count, T largest)
        where T : INumber<T>
    {
        var random = new Random(17);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(16) == 0 ? largest : T.CreateChecked(random.Next(-3, 5)))];
    }
}
