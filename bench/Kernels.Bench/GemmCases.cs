using BenchmarkDotNet.Attributes;
using Functional.Kernels;

namespace Functional.Bench;

/// <summary>Products that training steps consist of, and large ones.</summary>
public class GemmCases
{
    private WorkerPool? _pool;
    private KernelRun? _run;

    /// <summary>Name, type and sizes.</summary>
    public static readonly (string Name, GemmShape Shape)[] All =
    [
        .. Square(512, 1024, 2048),
        Case(150, 500, 784),
        Case(150, 500, 500),
        Case(150, 20, 500),
        Case(150, 500, 20),
        Case(150, 784, 500),
        Case(784, 500, 150, transposeA: true),
        Case(500, 500, 150, transposeA: true),
        Case(150, 500, 784, transposeB: true),
        Case(64, 256, 784),
        Case(64, 128, 256),
        Case(64, 10, 128),
        Case(784, 256, 64, transposeA: true),
        Case(64, 256, 128, transposeB: true),
        Case(1, 500, 784),
        Case(8, 500, 784),
    ];

    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = "";

    [Params(1, 2)]
    public int Threads { get; set; }

    public static IEnumerable<string> Names => All.Select(entry => entry.Name);

    public static KernelRun Start(GemmShape shape, WorkerPool pool) =>
        new(
            GemmKernel.Create(shape, new Operand(0), new Operand(1), new Operand(2)),
            pool,
            shape.Type,
            (long)shape.M * shape.K,
            (long)shape.K * shape.N,
            (long)shape.M * shape.N
        );

    [GlobalSetup]
    public void Setup()
    {
        _pool = new WorkerPool(Threads);
        _run = Start(All.First(entry => entry.Name == Name).Shape, _pool);
    }

    [Benchmark]
    public void Run() => _run!.Run();

    [GlobalCleanup]
    public void Cleanup()
    {
        _run!.Dispose();
        _pool!.Dispose();
    }

    private static IEnumerable<(string, GemmShape)> Square(params int[] sizes)
    {
        foreach (ElementType type in (ElementType[])[ElementType.Float32, ElementType.Float64])
        foreach (int size in sizes)
            yield return ($"{type} {size} square", new GemmShape(type, size, size, size));
    }

    private static (string, GemmShape) Case(int m, int n, int k, bool transposeA = false, bool transposeB = false) =>
        (
            $"Float32 {m}x{n}x{k}{(transposeA ? " A'" : "")}{(transposeB ? " B'" : "")}",
            new GemmShape(ElementType.Float32, m, n, k) { TransposeA = transposeA, TransposeB = transposeB }
        );
}
