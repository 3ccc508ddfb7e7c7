using Functional.Kernels;
using Functional.Kernels.Tile;
using Xunit;

namespace Functional.Tests.Tile;

/// <summary>Views of every kind against the formula: element = offset + Σ index·stride.</summary>
public class TileViewTests
{
    public static TheoryData<int[], int[], int> Views =>
        new()
        {
            { [6], [1], 0 },
            { [], [], 3 },
            { [1, 1], [5, 7], 2 },
            { [3000], [0], 4 },
            { [40, 100], [0, 1], 0 },
            { [40, 100], [1, 0], 0 },
            { [500, 10], [0, 1], 3 },
            { [40, 100], [1, 40], 0 },
            { [2500], [-1], 2499 },
            { [50, 60], [-60, 1], 49 * 60 },
            { [7, 11, 13, 5], [0, 1, 11, 0], 0 },
            { [7, 11, 13], [143, 13, 1], 0 },
            { [5, 30, 20], [900, 30, 1], 5 },
            { [4, 1, 9], [9, 0, 1], 0 },
            { [3, 2000], [1, 3], 0 },
            { [0, 5], [5, 1], 0 },
        };

    [Theory]
    [MemberData(nameof(Views))]
    public void LoadReadsTheElementsOfTheView(int[] shape, int[] strides, int offset)
    {
        Check<float>(shape, strides, offset);
        Check<double>(shape, strides, offset);
        Check<int>(shape, strides, offset);
    }

    [Theory]
    [MemberData(nameof(Views))]
    public void IotaNumbersTheElementsOfTheView(int[] shape, int[] strides, int offset)
    {
        long[] elements = Elements(shape, strides, offset);
        foreach (ElementType type in Enum.GetValues<ElementType>())
        {
            var view = new TileView(ElementType.Int32, new(0), shape, strides, offset);
            var program = new TileProgram(
                elements.Length,
                [view],
                [new(ElementType.Float64, new(0))],
                [
                    TileInstruction.Iota(type, 0, 0),
                    TileInstruction.Cast(ElementType.Float64, 1, 0),
                    TileInstruction.Store(ElementType.Float64, 0, 1),
                ]
            );
            var result = new double[elements.Length];
            KernelHarness.Run(new TileKernel(program), 2, result);
            Assert.Equal(elements.Select(element => (double)element), result);
        }
    }

    [Fact]
    public void AxesThatRunTogetherAreMerged()
    {
        var view = new TileView(ElementType.Float32, new(0), [2, 3, 1, 4, 5], [12, 4, 99, 1, 0]);
        Assert.Equal([24, 5], view.Shape);
        Assert.Equal([1, 0], view.Strides);
    }

    [Fact]
    public void RefusesShapesAndStridesOfDifferentLength() =>
        Assert.Throws<ArgumentException>(() => new TileView(ElementType.Float32, new(0), [2, 3], [1]));

    private static void Check<T>(int[] shape, int[] strides, int offset)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        ElementType type = Elementwise.TypeOf<T>();
        long[] elements = Elements(shape, strides, offset);
        T[] source = [.. Enumerable.Range(0, (int)elements.Append(0).Max() + 1 + 8).Select(T.CreateChecked)];
        var view = new TileView(type, new(0, 8 * ByteSize<T>()), shape, strides, offset);
        var program = new TileProgram(
            elements.Length,
            [view],
            [new(type, new(1))],
            [
                TileInstruction.Load(type, 0, 0),
                TileInstruction.Constant(type, 1, 1),
                TileInstruction.Apply(TileFunction.Add, type, 2, 0, 1),
                TileInstruction.Store(type, 0, 2),
            ]
        );
        T[] expected = [.. elements.Select(element => T.CreateChecked(element + 8 + 1))];

        var result = new T[elements.Length];
        KernelHarness.Run(new TileKernel(program), 2, source, result);
        Assert.Equal(expected, result);

        int[] ends = [.. new[] { 1, 33, 50, 1500 }.Where(end => end < elements.Length), elements.Length];
        Array.Clear(result);
        KernelHarness.Run(new PiecewiseKernel(new TileEpilogue(program), ends), 1, source, result);
        Assert.Equal(expected, result);
    }

    private static int ByteSize<T>() => Elementwise.TypeOf<T>() == ElementType.Float64 ? 8 : 4;

    private static long[] Elements(int[] shape, int[] strides, int offset)
    {
        IEnumerable<long> elements = [offset];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            (int extent, int stride) = (shape[axis], strides[axis]);
            elements = [.. elements.SelectMany(element => Enumerable.Range(0, extent).Select(index => element + (long)index * stride))];
        }
        return [.. elements];
    }
}
