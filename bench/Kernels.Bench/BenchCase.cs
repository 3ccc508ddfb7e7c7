using Functional.Kernels;

namespace Functional.Bench;

/// <summary>A kernel to be timed.</summary>
/// <param name="Name">What it computes, with its sizes.</param>
/// <param name="Amount">How much of the unit one run does.</param>
/// <param name="Unit">What is counted, a second: FLOP, bytes moved to and from memory, numbers drawn.</param>
/// <param name="Start">Makes it ready on a pool.</param>
public sealed record BenchCase(string Name, double Amount, string Unit, Func<WorkerPool, KernelRun> Start)
{
    public override string ToString() => Name;
}
