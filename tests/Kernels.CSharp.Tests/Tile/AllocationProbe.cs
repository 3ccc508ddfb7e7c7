using Functional.Kernels;

namespace Functional.Tests.Tile;

/// <summary>Runs a kernel twice and tells how many bytes the second run took from the managed heap.</summary>
internal sealed class AllocationProbe(Kernel kernel) : Kernel
{
    public long Allocated { get; private set; }

    public override long WorkspaceBytes => kernel.WorkspaceBytes;
    public override int ScratchBytes => kernel.ScratchBytes;

    public override void Run(RunContext context)
    {
        kernel.Run(context);
        long before = GC.GetAllocatedBytesForCurrentThread();
        kernel.Run(context);
        Allocated = GC.GetAllocatedBytesForCurrentThread() - before;
    }

    protected override void Execute(RunContext context, int phase, int task, int worker) =>
        throw new InvalidOperationException("the probed kernel runs its own tasks");
}
