namespace Functional.Kernels.Tile;

/// <summary>
/// A chain of pointwise work over one iteration space, run a tile of elements at a time, so that what passes from one instruction to
/// the next stays in cache. Immutable; checked and planned once. Inputs are read as they were before the run, even where an output
/// takes the place of one.
/// </summary>
public sealed class TileProgram
{
    /// <summary>Elements of a tile: a register of float32 fills a twelfth of a first-level cache.</summary>
    public const int TileElements = 1024;

    /// <summary>Checks and plans a program.</summary>
    /// <param name="count">elements of the iteration space.</param>
    /// <param name="inputs">views of <paramref name="count"/> elements each, and keys of random draws.</param>
    /// <param name="outputs">each is stored once; it may take the exact place of an input that is read contiguously, else overlaps nothing.</param>
    /// <param name="instructions">in an order that writes each register before it is read.</param>
    /// <param name="result">a register that a reduction reads after each tile, or −1.</param>
    /// <exception cref="ArgumentException">the program is not of this form; the message names the instruction.</exception>
    public TileProgram(
        long count,
        ReadOnlySpan<TileView> inputs,
        ReadOnlySpan<TileOutput> outputs,
        ReadOnlySpan<TileInstruction> instructions,
        int result = -1
    )
    {
        Count = count;
        Inputs = [.. inputs];
        Outputs = [.. outputs];
        Instructions = [.. instructions];
        Result = result;
        Registers = TileCheck.Run(this);
        Plan = TilePlanner.Plan(this);
    }

    /// <summary>Elements of the iteration space.</summary>
    public long Count { get; }

    /// <summary>What the program reads.</summary>
    public IReadOnlyList<TileView> Inputs { get; }

    /// <summary>What the program writes.</summary>
    public IReadOnlyList<TileOutput> Outputs { get; }

    /// <summary>What the program does.</summary>
    public IReadOnlyList<TileInstruction> Instructions { get; }

    /// <summary>The register that a reduction reads, or −1.</summary>
    public int Result { get; }

    /// <summary>The instruction that writes each register.</summary>
    internal IReadOnlyDictionary<int, TileInstruction> Registers { get; }

    internal TilePlan Plan { get; }

    /// <summary>Bytes of memory that a worker needs to run the program.</summary>
    public int ScratchBytes => Plan.ScratchBytes;
}
