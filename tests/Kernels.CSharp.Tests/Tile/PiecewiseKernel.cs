using Functional.Kernels;

namespace Functional.Tests.Tile;

/// <summary>Applies an epilogue to all elements in pieces that end at the given places, as a matrix product does.</summary>
internal sealed unsafe class PiecewiseKernel(Epilogue epilogue, params int[] ends) : Kernel
{
    public override int ScratchBytes => epilogue.ScratchBytes;

    public override void Run(RunContext context) => context.Pool.Run(this, context, 0, ends.Length);

    protected override void Execute(RunContext context, int phase, int task, int worker)
    {
        int start = task == 0 ? 0 : ends[task - 1];
        epilogue.Apply(context, worker, context.Scratch(worker), start, ends[task] - start);
    }
}
