using Functional.Kernels;

namespace Functional.Bench;

/// <summary>A phase whose tasks end when all threads have one: what handing work over and back costs at least.</summary>
public sealed class HandOff : Kernel
{
    private int _arrived;

    public override void Run(RunContext context)
    {
        Volatile.Write(ref _arrived, 0);
        context.Pool.Run(this, context, 0, context.Pool.Threads);
    }

    protected override void Execute(RunContext context, int phase, int task, int worker)
    {
        Interlocked.Increment(ref _arrived);
        while (Volatile.Read(ref _arrived) < context.Pool.Threads)
            Thread.SpinWait(1);
    }
}
