namespace Functional.Kernels.Tile;

/// <summary>Runs a tile program over all its elements: in one piece when they are few, else split over the pool.</summary>
public sealed unsafe class TileKernel : Kernel, ISliced
{
    private readonly TilePlan _plan;
    private readonly long _count;
    private readonly long _taskElements;

    /// <summary>Plans the kernel.</summary>
    public TileKernel(TileProgram program)
    {
        _plan = program.Plan;
        _count = program.Count;
        _taskElements = TileProgram.TileElements * _plan.PiecesPerTask(TileProgram.TileElements);
        ScratchBytes = program.ScratchBytes;
    }

    /// <inheritdoc/>
    public override int ScratchBytes { get; }

    /// <inheritdoc/>
    public override void Run(RunContext context)
    {
        if (_count > _taskElements)
            context.Pool.Run(this, context, 0, checked((int)((_count + _taskElements - 1) / _taskElements)));
        else if (_count > 0)
            Execute(context, 0, 0, 0);
    }

    /// <inheritdoc/>
    protected internal override void Execute(RunContext context, int phase, int task, int worker)
    {
        long start = task * _taskElements;
        var frame = new TileFrame(_plan, context, context.Scratch(worker));
        frame.RunTiles(start, Math.Min(_taskElements, _count - start));
    }

    void ISliced.RunSlice(RunContext context, byte* workspace, Slice slice, int worker)
    {
        long row = _count / slice.Batch;
        new TileFrame(_plan, context, context.Scratch(worker)).RunTiles(slice.First * row, slice.Rows * row);
    }
}
