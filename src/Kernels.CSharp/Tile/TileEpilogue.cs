namespace Functional.Kernels.Tile;

/// <summary>Runs a tile program on the pieces of its iteration space that another kernel has just written.</summary>
public sealed unsafe class TileEpilogue : Epilogue
{
    private readonly TilePlan _plan;

    /// <summary>Plans the epilogue.</summary>
    public TileEpilogue(TileProgram program)
    {
        _plan = program.Plan;
        ScratchBytes = program.ScratchBytes;
    }

    /// <inheritdoc/>
    public override int ScratchBytes { get; }

    /// <inheritdoc/>
    public override void Apply(RunContext context, int worker, byte* scratch, long start, int length) =>
        new TileFrame(_plan, context, scratch).RunTiles(start, length);
}
