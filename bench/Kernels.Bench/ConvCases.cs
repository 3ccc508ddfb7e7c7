using Functional.Kernels;

namespace Functional.Bench;

/// <summary>Convolutions of the networks that the examples train, forward and both gradients.</summary>
public class ConvCases : KernelCases
{
    protected override IEnumerable<BenchCase> List() =>
        [
            .. Parts(16, 1, 32, 16, 5, stride: 2, pad: 0),
            .. Parts(128, 1, 32, 16, 5, stride: 2, pad: 0),
            .. Parts(128, 16, 16, 32, 3, stride: 2, pad: 1),
            .. Parts(128, 32, 8, 64, 3, stride: 2, pad: 1),
            .. Parts(16, 64, 14, 64, 3, stride: 1, pad: 1),
            .. Parts(128, 64, 14, 64, 3, stride: 1, pad: 1),
            .. Parts(16, 64, 28, 64, 3, stride: 1, pad: 1),
            .. Parts(128, 1, 28, 32, 3, stride: 1, pad: 0),
            .. Parts(128, 32, 26, 64, 3, stride: 1, pad: 0),
        ];

    private static IEnumerable<BenchCase> Parts(int batch, int inChannels, int size, int outChannels, int kernel, int stride, int pad)
    {
        ConvShape shape = new(ElementType.Float32, batch, inChannels, size, size, outChannels, kernel, kernel)
        {
            StrideHeight = stride,
            StrideWidth = stride,
            PadTop = pad,
            PadLeft = pad,
            PadBottom = pad,
            PadRight = pad,
        };
        string name = $"conv {batch} images {inChannels}->{outChannels} {kernel}x{kernel} s{stride} on {size}x{size}";
        long x = (long)batch * inChannels * size * size;
        long w = (long)outChannels * inChannels * kernel * kernel;
        long y = (long)batch * outChannels * shape.OutHeight * shape.OutWidth;
        double operations = 2.0 * y * inChannels * kernel * kernel;
        (Operand first, Operand second, Operand result) = (new(0), new(1), new(2));
        return
        [
            Part("Forward", ConvForward.Create(shape, first, second, result), x, w, y),
            Part("InputGradient", ConvInputGradient.Create(shape, first, second, result), w, y, x),
            Part("WeightGradient", ConvWeightGradient.Create(shape, first, second, result), x, y, w),
        ];

        BenchCase Part(string part, Kernel made, params long[] sizes) =>
            new($"{name} {part}", operations, "FLOP", pool => new KernelRun(made, pool, shape.Type, sizes));
    }
}
