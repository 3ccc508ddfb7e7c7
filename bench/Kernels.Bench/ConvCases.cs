using BenchmarkDotNet.Attributes;
using Functional.Kernels;

namespace Functional.Bench;

/// <summary>What is computed of a convolution.</summary>
public enum ConvPart
{
    Forward,
    InputGradient,
    WeightGradient,
}

/// <summary>Convolutions of the networks that the examples train.</summary>
public class ConvCases
{
    private WorkerPool? _pool;
    private KernelRun? _run;

    public static readonly (string Name, ConvShape Shape)[] All =
    [
        Case(16, 1, 32, 16, 5, stride: 2, pad: 0),
        Case(128, 1, 32, 16, 5, stride: 2, pad: 0),
        Case(128, 16, 16, 32, 3, stride: 2, pad: 1),
        Case(128, 32, 8, 64, 3, stride: 2, pad: 1),
        Case(16, 64, 14, 64, 3, stride: 1, pad: 1),
        Case(128, 64, 14, 64, 3, stride: 1, pad: 1),
        Case(16, 64, 28, 64, 3, stride: 1, pad: 1),
        Case(128, 1, 28, 32, 3, stride: 1, pad: 0),
        Case(128, 32, 26, 64, 3, stride: 1, pad: 0),
    ];

    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = "";

    [ParamsAllValues]
    public ConvPart Part { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    public static IEnumerable<string> Names => All.Select(entry => entry.Name);

    public static KernelRun Start(ConvShape shape, ConvPart part, WorkerPool pool)
    {
        long x = (long)shape.Batch * shape.InChannels * shape.InHeight * shape.InWidth;
        long w = (long)shape.OutChannels * shape.InChannels * shape.KernelHeight * shape.KernelWidth;
        long y = (long)shape.Batch * shape.OutChannels * shape.OutHeight * shape.OutWidth;
        Operand first = new(0);
        Operand second = new(1);
        Operand result = new(2);
        return part switch
        {
            ConvPart.Forward => new KernelRun(ConvForward.Create(shape, first, second, result), pool, shape.Type, x, w, y),
            ConvPart.InputGradient => new KernelRun(ConvInputGradient.Create(shape, first, second, result), pool, shape.Type, w, y, x),
            _ => new KernelRun(ConvWeightGradient.Create(shape, first, second, result), pool, shape.Type, x, y, w),
        };
    }

    public static double Operations(ConvShape shape) =>
        2.0
        * shape.Batch
        * shape.OutChannels
        * shape.OutHeight
        * shape.OutWidth
        * shape.InChannels
        * shape.KernelHeight
        * shape.KernelWidth;

    [GlobalSetup]
    public void Setup()
    {
        _pool = new WorkerPool(Threads);
        _run = Start(All.First(entry => entry.Name == Name).Shape, Part, _pool);
    }

    [Benchmark]
    public void Run() => _run!.Run();

    [GlobalCleanup]
    public void Cleanup()
    {
        _run!.Dispose();
        _pool!.Dispose();
    }

    private static (string, ConvShape) Case(int batch, int inChannels, int size, int outChannels, int kernel, int stride, int pad) =>
        (
            $"{batch} images {inChannels}->{outChannels} {kernel}x{kernel} s{stride} on {size}x{size}",
            new ConvShape(ElementType.Float32, batch, inChannels, size, size, outChannels, kernel, kernel)
            {
                StrideHeight = stride,
                StrideWidth = stride,
                PadTop = pad,
                PadLeft = pad,
                PadBottom = pad,
                PadRight = pad,
            }
        );
}
