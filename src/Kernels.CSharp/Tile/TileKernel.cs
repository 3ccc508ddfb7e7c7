namespace Functional.Kernels.Tile;

/// <summary>Runs a tile program over all its elements: in one piece when they are few, else split over the pool.</summary>
public sealed unsafe class TileKernel : Kernel
{
    private readonly TilePlan _plan;
    private readonly long _count;
    private readonly long _taskElements;
    private readonly int _tasks;

    /// <summary>Plans the kernel.</summary>
    public TileKernel(TileProgram program)
    {
        _plan = program.Plan;
        _count = program.Count;
        (_tasks, _taskElements) = _plan.Split(_count);
        ScratchBytes = program.ScratchBytes;
    }

    /// <inheritdoc/>
    public override int ScratchBytes { get; }

    /// <inheritdoc/>
    public override void Run(RunContext context)
    {
        if (_tasks == 1)
            Execute(context, 0, 0, 0);
        else if (_tasks > 1)
            context.Pool.Run(this, context, 0, _tasks);
    }

    /// <inheritdoc/>
    protected internal override void Execute(RunContext context, int phase, int task, int worker)
    {
        long start = task * _taskElements;
        var frame = new TileFrame(_plan, context, context.Scratch(worker));
        frame.RunTiles(start, Math.Min(_taskElements, _count - start));
    }
}
