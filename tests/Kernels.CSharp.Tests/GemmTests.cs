using Functional.Kernels;
using Xunit;

namespace Functional.Tests;

/// <summary>Products against the definition, computed in float64 one element at a time.</summary>
public class GemmTests
{
    private static readonly int[] Sizes = [0, 1, 2, 3, 4, 5, 7, 8, 11, 12, 13, 15, 16, 17, 20, 25, 31, 32, 33, 37, 48, 49, 63, 65, 100];

    private static readonly (bool, bool)[] Transposes = [(false, false), (true, false), (false, true), (true, true)];

    [Theory]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Float64)]
    public void Every_small_size_and_transposition_equals_the_definition(ElementType type)
    {
        var random = new Random(1);
        foreach (int m in Sizes)
        foreach (int n in Sizes)
        {
            int k = Sizes[random.Next(Sizes.Length)];
            (bool transposeA, bool transposeB) = Transposes[random.Next(4)];
            var shape = new GemmShape(type, m, n, k) { TransposeA = transposeA, TransposeB = transposeB };
            new GemmCase(shape, seed: m * 1000 + n).Check(threads: 2);
        }
    }

    [Theory]
    [InlineData(150, 500, 784)]
    [InlineData(150, 20, 500)]
    [InlineData(150, 500, 20)]
    [InlineData(150, 784, 500)]
    [InlineData(784, 500, 150)]
    [InlineData(5, 700, 257)]
    [InlineData(700, 5, 513)]
    [InlineData(3, 3, 5000)]
    [InlineData(1, 1100, 300)]
    [InlineData(130, 1100, 1)]
    [InlineData(64, 64, 0)]
    public void Training_and_lopsided_shapes_equal_the_definition(int m, int n, int k)
    {
        foreach ((bool transposeA, bool transposeB) in Transposes)
        foreach (ElementType type in (ElementType[])[ElementType.Float32, ElementType.Float64])
            new GemmCase(new GemmShape(type, m, n, k) { TransposeA = transposeA, TransposeB = transposeB }, seed: 3).Check(threads: 2);
    }

    [Fact]
    public void Accumulate_adds_to_what_was_there()
    {
        foreach ((bool transposeA, bool transposeB) in Transposes)
        foreach (int k in (int[])[0, 9, 300])
        {
            var shape = new GemmShape(ElementType.Float32, 50, 70, k) { TransposeA = transposeA, TransposeB = transposeB };
            new GemmCase(shape with { Accumulate = true }, seed: 4).Check(threads: 2);
        }
    }

    [Fact]
    public void Leading_dimensions_skip_what_lies_between_rows()
    {
        foreach ((bool transposeA, bool transposeB) in Transposes)
        {
            var shape = new GemmShape(ElementType.Float32, 30, 45, 21)
            {
                TransposeA = transposeA,
                TransposeB = transposeB,
                LeadingA = 41,
                LeadingB = 53,
                LeadingC = 60,
            };
            new GemmCase(shape, seed: 5).Check(threads: 2);
        }
    }

    [Fact]
    public void Batches_step_through_operands_or_share_them()
    {
        foreach ((long strideA, long strideB) in ((long, long)[])[(17 * 9, 9 * 35), (0, 9 * 35), (17 * 9, 0), (0, 0)])
        {
            var shape = GemmShape.Adjacent(ElementType.Float64, 7, 17, 35, 9) with { BatchStrideA = strideA, BatchStrideB = strideB };
            new GemmCase(shape, seed: 6).Check(threads: 3);
            new GemmCase(shape with { Batch = 0 }, seed: 6).Check(threads: 3);
        }
    }

    [Fact]
    public void Bits_do_not_depend_on_threads()
    {
        foreach ((int m, int n, int k) in ((int, int, int)[])[(150, 500, 784), (37, 1111, 259), (513, 21, 300), (12, 64, 2000)])
        foreach ((bool transposeA, bool transposeB) in Transposes)
        {
            var shape = new GemmShape(ElementType.Float32, m, n, k) { TransposeA = transposeA, TransposeB = transposeB };
            var product = new GemmCase(shape, seed: 7);
            Array one = product.Result(threads: 1);
            Assert.Equal(one, product.Result(threads: 2));
            Assert.Equal(one, product.Result(threads: 3));
            Assert.Equal(one, product.Result(threads: 8));
        }
    }

    [Fact]
    public void Bits_do_not_depend_on_neighbours_or_transposition()
    {
        var random = new Random(8);
        const int depth = 300;
        float[] row = GemmCase.Numbers(random, depth);
        float[] column = GemmCase.Numbers(random, depth);
        float[] alone = new float[1];
        var dot = new GemmShape(ElementType.Float32, 1, 1, depth);
        KernelHarness.Run(GemmKernel.Create(dot, new(0), new(1), new(2)), 1, row, column, alone);

        foreach ((int m, int n) in ((int, int)[])[(12, 32), (13, 33), (150, 47), (4, 16)])
        foreach ((bool transposeA, bool transposeB) in Transposes)
        {
            float[] a = new float[m * depth];
            float[] b = new float[n * depth];
            for (int k = 0; k < depth; k++)
            {
                for (int i = 0; i < m; i++)
                    a[transposeA ? k * m + i : i * depth + k] = row[k];
                for (int j = 0; j < n; j++)
                    b[transposeB ? j * depth + k : k * n + j] = column[k];
            }

            float[] c = new float[m * n];
            var shape = new GemmShape(ElementType.Float32, m, n, depth) { TransposeA = transposeA, TransposeB = transposeB };
            KernelHarness.Run(GemmKernel.Create(shape, new(0), new(1), new(2)), 2, a, b, c);
            Assert.All(c, value => Assert.Equal(alone[0], value));
        }
    }

    [Theory]
    [InlineData(1, 150, 500, 20)]
    [InlineData(1, 150, 20, 500)]
    [InlineData(5, 33, 47, 300)]
    [InlineData(2, 13, 700, 0)]
    [InlineData(3, 0, 7, 5)]
    public void An_epilogue_sees_every_final_element_once(int batch, int m, int n, int k)
    {
        var shape = GemmShape.Adjacent(ElementType.Float32, batch, m, n, k);
        float[] a = GemmCase.Numbers(new Random(9), batch * m * k);
        float[] b = GemmCase.Numbers(new Random(10), batch * k * n);
        float[] plain = new float[batch * m * n];
        float[] negated = new float[batch * m * n];
        KernelHarness.Run(GemmKernel.Create(shape, new(0), new(1), new(2)), 2, a, b, plain);
        KernelHarness.Run(GemmKernel.Create(shape, new(0), new(1), new(2), new AddOneNegate(2)), 2, a, b, negated);
        Assert.Equal(plain.Select(value => -(value + 1)), negated);
    }

    [Fact]
    public void Contradictory_shapes_are_refused()
    {
        var shape = new GemmShape(ElementType.Float32, 4, 5, 6);
        GemmShape[] wrong =
        [
            shape with
            {
                Type = ElementType.Int32,
            },
            shape with
            {
                M = -1,
            },
            shape with
            {
                LeadingA = 5,
            },
            shape with
            {
                LeadingC = 4,
            },
            shape with
            {
                Batch = 2,
                BatchStrideC = 19,
            },
        ];
        Assert.All(wrong, s => Assert.Throws<ArgumentException>(() => GemmKernel.Create(s, new(0), new(1), new(2))));
        Assert.Throws<ArgumentException>(() => GemmKernel.Create(shape with { LeadingC = 6 }, new(0), new(1), new(2), new AddOneNegate(2)));
    }

    [Fact]
    public void Running_allocates_nothing()
    {
        GemmKernel kernel = GemmKernel.Create(new GemmShape(ElementType.Float32, 60, 70, 80), new(0), new(1), new(2), new AddOneNegate(2));
        Assert.Equal(0, KernelHarness.AllocatedBytes(kernel, new float[60 * 80], new float[80 * 70], new float[60 * 70]));
    }
}
