using BenchmarkDotNet.Attributes;
using Functional.Kernels;

namespace Functional.Bench;

/// <summary>Runs a kernel of a list on one thread and on two.</summary>
public abstract class KernelCases
{
    private WorkerPool? _pool;
    private KernelRun? _run;

    [ParamsSource(nameof(Cases))]
    public BenchCase? Case { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>What is timed.</summary>
    public IEnumerable<BenchCase> Cases => List();

    [GlobalSetup]
    public void Setup()
    {
        _pool = new WorkerPool(Threads);
        _run = Case!.Start(_pool);
    }

    [Benchmark]
    public void Run() => _run!.Run();

    [GlobalCleanup]
    public void Cleanup()
    {
        _run!.Dispose();
        _pool!.Dispose();
    }

    // Not an override of the property: the runner would find two of that name.
    protected abstract IEnumerable<BenchCase> List();
}
