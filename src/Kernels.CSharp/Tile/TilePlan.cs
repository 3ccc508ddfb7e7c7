namespace Functional.Kernels.Tile;

/// <summary>What an entry of a frame's table of addresses points to.</summary>
internal enum TileEntryKind
{
    /// <summary>Memory that moves with the tile: a contiguous input or an output.</summary>
    Moving,

    /// <summary>Memory that stays: a strided input or a key.</summary>
    Fixed,

    /// <summary>Scratch memory for the elements of one tile.</summary>
    Register,

    /// <summary>A line with one number in every lane, made by a step that runs once.</summary>
    Line,

    /// <summary>A line that holds a constant.</summary>
    Constant,

    /// <summary>A line that holds an input of one element.</summary>
    Scalar,
}

/// <summary>An entry of a frame's table of addresses.</summary>
internal readonly record struct TileEntry(TileEntryKind Kind, ElementType Type = default, Operand Memory = default, double Immediate = 0);

/// <summary>How a tile program runs: the table of addresses and the steps that use it.</summary>
internal sealed class TilePlan
{
    public required TileEntry[] Entries { get; init; }

    /// <summary>Steps on lines alone, which run once for a frame.</summary>
    public required TileStep[] LineSteps { get; init; }

    /// <summary>Steps that run for each tile.</summary>
    public required TileStep[] Steps { get; init; }

    /// <summary>The entry that a reduction reads after each tile, or −1.</summary>
    public required int Result { get; init; }

    /// <summary>Bytes of a register.</summary>
    public required int RegisterBytes { get; init; }

    /// <summary>Rough time for an element, in tenths of a nanosecond.</summary>
    public required int Cost { get; init; }

    /// <summary>Bytes of memory that a frame takes.</summary>
    public int ScratchBytes => TileFrame.TableBytes(this) + Entries.Sum(entry => TileFrame.BytesOf(this, entry));

    /// <summary>How many pieces of work of so many elements each make a task of about twenty microseconds.</summary>
    public long PiecesPerTask(long elements) => Math.Clamp(200_000 / (elements * Cost), 1, 32);
}
