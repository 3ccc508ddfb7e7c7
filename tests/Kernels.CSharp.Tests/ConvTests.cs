using Functional.Kernels;
using Xunit;

namespace Functional.Tests;

/// <summary>Convolutions and their gradients against the definition.</summary>
public class ConvTests
{
    private static readonly ConvShape Small = new(ElementType.Float32, 3, 4, 9, 11, 6, 3, 3);

    public static TheoryData<string, ConvShape> Shapes =>
        new()
        {
            { "plain", Small },
            { "same padding", Small with { PadTop = 1, PadLeft = 1, PadBottom = 1, PadRight = 1 } },
            { "uneven padding", Small with { PadTop = 2, PadLeft = 0, PadBottom = 1, PadRight = 4 } },
            { "stride 2", Small with { StrideHeight = 2, StrideWidth = 2 } },
            { "stride 2 padded", Small with { StrideHeight = 2, StrideWidth = 2, PadTop = 1, PadLeft = 1 } },
            { "uneven stride", Small with { StrideHeight = 3, StrideWidth = 1, PadLeft = 2 } },
            { "stride beyond kernel", Small with { StrideHeight = 4, StrideWidth = 5 } },
            { "dilation", Small with { DilationHeight = 2, DilationWidth = 3, PadTop = 1 } },
            {
                "dilation and stride",
                Small with
                {
                    DilationHeight = 2,
                    DilationWidth = 3,
                    StrideHeight = 2,
                    StrideWidth = 2,
                    PadRight = 3,
                }
            },
            { "groups", Small with { Groups = 2, PadTop = 1 } },
            { "depthwise", Small with { OutChannels = 8, Groups = 4, StrideWidth = 2 } },
            { "one by one", Small with { KernelHeight = 1, KernelWidth = 1 } },
            { "whole image", Small with { KernelHeight = 9, KernelWidth = 11 } },
            { "padding alone", Small with { PadTop = 12, PadLeft = 13, StrideHeight = 2, KernelHeight = 2 } },
            { "kernel too large", Small with { KernelHeight = 10 } },
            { "no images", Small with { Batch = 0 } },
            { "no channels in", Small with { InChannels = 0 } },
            { "no channels out", Small with { OutChannels = 0 } },
            { "no rows", Small with { InHeight = 0, PadTop = 5 } },
            {
                "strokes",
                new ConvShape(ElementType.Float32, 2, 1, 32, 32, 16, 5, 5)
                {
                    StrideHeight = 2,
                    StrideWidth = 2,
                    PadTop = 4,
                    PadLeft = 4,
                }
            },
            {
                "second layer",
                new ConvShape(ElementType.Float32, 2, 16, 16, 16, 32, 3, 3)
                {
                    StrideHeight = 2,
                    StrideWidth = 2,
                    PadTop = 1,
                }
            },
            {
                "many rows",
                new ConvShape(ElementType.Float32, 1, 5, 60, 28, 7, 3, 3)
                {
                    PadTop = 1,
                    PadLeft = 1,
                    PadRight = 1,
                }
            },
            { "wide", new ConvShape(ElementType.Float32, 1, 2, 3, 700, 5, 2, 3) },
            { "one channel in, wide kernel", new ConvShape(ElementType.Float32, 2, 1, 12, 20, 5, 3, 9) },
            {
                "three channels in",
                new ConvShape(ElementType.Float32, 2, 3, 12, 13, 16, 3, 3) { PadTop = 1, PadLeft = 1 }
            },
            {
                "one channel out",
                new ConvShape(ElementType.Float32, 5, 8, 9, 11, 1, 3, 3) { PadTop = 1, PadLeft = 1 }
            },
            {
                "one channel out, wide padding",
                new ConvShape(ElementType.Float32, 2, 8, 9, 11, 1, 3, 3) { PadTop = 4, PadLeft = 3 }
            },
            {
                "more out than in, wide padding",
                new ConvShape(ElementType.Float32, 2, 12, 6, 6, 16, 3, 3)
                {
                    PadTop = 2,
                    PadLeft = 2,
                    PadBottom = 2,
                    PadRight = 2,
                }
            },
            {
                "many small images",
                new ConvShape(ElementType.Float32, 70, 20, 6, 5, 25, 3, 3)
                {
                    StrideHeight = 2,
                    StrideWidth = 2,
                    PadTop = 1,
                    PadLeft = 1,
                }
            },
            {
                "image beyond a cache",
                new ConvShape(ElementType.Float32, 1, 16, 90, 40, 24, 3, 3) { PadTop = 1, PadLeft = 1 }
            },
            {
                "many channels",
                new ConvShape(ElementType.Float32, 2, 130, 6, 6, 70, 3, 3) { PadTop = 1, PadLeft = 1 }
            },
            { "squares of positions that leave one over", new ConvShape(ElementType.Float32, 8, 80, 8, 8, 80, 3, 3) },
            { "squares of positions that leave one over, narrow vectors", new ConvShape(ElementType.Float32, 8, 80, 9, 9, 80, 3, 3) },
            {
                "a chunk of large images",
                new ConvShape(ElementType.Float32, 16, 18, 41, 30, 21, 3, 3)
                {
                    PadTop = 1,
                    PadLeft = 1,
                    PadBottom = 1,
                    PadRight = 1,
                }
            },
            {
                "a chunk of large images, strides",
                new ConvShape(ElementType.Float32, 12, 9, 41, 30, 6, 3, 3)
                {
                    StrideHeight = 2,
                    StrideWidth = 3,
                    PadTop = 1,
                    PadLeft = 2,
                }
            },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Values_and_gradients_equal_the_definition(string name, ConvShape shape)
    {
        Assert.NotEmpty(name);
        new ConvCase(shape, seed: 1).Check(threads: 2);
        new ConvCase(shape with { Type = ElementType.Float64 }, seed: 2).Check(threads: 2);
    }

    [Theory]
    [InlineData(150, 1, 5)]
    [InlineData(40, 4, 40)]
    public void Random_shapes_equal_the_definition(int count, int fewestImages, int mostImages)
    {
        var random = new Random(3);
        for (int i = 0; i < count; i++)
        {
            int groups = random.Next(1, 4);
            var type = (ElementType)random.Next(2);
            var shape = new ConvShape(
                type,
                random.Next(fewestImages, mostImages),
                groups * random.Next(1, 6),
                random.Next(1, 20),
                random.Next(1, 20),
                groups * random.Next(1, 6),
                random.Next(1, 6),
                random.Next(1, 6)
            )
            {
                StrideHeight = random.Next(1, 4),
                StrideWidth = random.Next(1, 4),
                PadTop = random.Next(4),
                PadLeft = random.Next(4),
                PadBottom = random.Next(4),
                PadRight = random.Next(4),
                DilationHeight = random.Next(1, 4),
                DilationWidth = random.Next(1, 4),
                Groups = groups,
            };
            new ConvCase(shape, seed: i).Check(threads: 2);
        }
    }

    /// <summary>Filters of 3x3 that move by one over many channels have a way of their own.</summary>
    [Fact]
    public void Random_shapes_with_filters_of_three_equal_the_definition()
    {
        var random = new Random(5);
        for (int i = 0; i < 24; i++)
        {
            int groups = random.Next(1, 3);
            var type = (ElementType)random.Next(2);
            int inChannels = groups * random.Next(16, 24);
            int outChannels = groups * random.Next(16, 24);
            var shape = new ConvShape(type, random.Next(8, 35), inChannels, random.Next(6, 12), random.Next(6, 12), outChannels, 3, 3)
            {
                PadTop = random.Next(3),
                PadLeft = random.Next(3),
                PadBottom = random.Next(3),
                PadRight = random.Next(3),
                Groups = groups,
            };
            new ConvCase(shape, seed: i).Check(threads: 2);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Bits_do_not_depend_on_threads(string name, ConvShape shape)
    {
        Assert.NotEmpty(name);
        var convolution = new ConvCase(shape with { Batch = 4 * shape.Batch }, seed: 4);
        foreach (int threads in (int[])[2, 3, 8])
        {
            Assert.Equal(convolution.Forward(1), convolution.Forward(threads));
            Assert.Equal(convolution.InputGradient(1), convolution.InputGradient(threads));
            Assert.Equal(convolution.WeightGradient(1), convolution.WeightGradient(threads));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void An_epilogue_sees_every_final_element_once(string name, ConvShape shape)
    {
        Assert.NotEmpty(name);
        var convolution = new ConvCase(shape, seed: 5);
        float[] plain = (float[])convolution.Forward(threads: 2);
        float[] negated = (float[])convolution.Forward(threads: 2, new AddOneNegate(2));
        Assert.Equal(plain.Select(value => -(value + 1)), negated);
    }

    [Fact]
    public void Contradictory_shapes_are_refused()
    {
        ConvShape[] wrong =
        [
            Small with
            {
                Type = ElementType.Int32,
            },
            Small with
            {
                Batch = -1,
            },
            Small with
            {
                KernelWidth = 0,
            },
            Small with
            {
                StrideHeight = 0,
            },
            Small with
            {
                PadRight = -1,
            },
            Small with
            {
                Groups = 3,
            },
        ];
        foreach (ConvShape shape in wrong)
        {
            Assert.Throws<ArgumentException>(() => ConvForward.Create(shape, new(0), new(1), new(2)));
            Assert.Throws<ArgumentException>(() => ConvInputGradient.Create(shape, new(0), new(1), new(2)));
            Assert.Throws<ArgumentException>(() => ConvWeightGradient.Create(shape, new(0), new(1), new(2)));
        }
    }

    [Fact]
    public void Running_allocates_nothing()
    {
        const long x = 3 * 4 * 9 * 11 * 4;
        const long w = 6 * 4 * 3 * 3 * 4;
        const long y = 3 * 6 * 7 * 9 * 4;
        Assert.Equal(
            0,
            KernelHarness.AllocatedBytes(ConvForward.Create(Small, new(0), new(1), new(2)), new byte[x], new byte[w], new byte[y])
        );
        Assert.Equal(
            0,
            KernelHarness.AllocatedBytes(ConvInputGradient.Create(Small, new(0), new(1), new(2)), new byte[w], new byte[y], new byte[x])
        );
        Assert.Equal(
            0,
            KernelHarness.AllocatedBytes(ConvWeightGradient.Create(Small, new(0), new(1), new(2)), new byte[x], new byte[y], new byte[w])
        );
    }
}
