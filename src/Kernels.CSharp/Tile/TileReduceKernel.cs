using System.Runtime.CompilerServices;

namespace Functional.Kernels.Tile;

/// <summary>
/// Runs a tile program and reduces its result over the trailing elements of each row: [rows, rowLength] → [rows]. The result itself is
/// never stored. A row is cut into chunks of a tile; each is folded in a fixed order and the chunks are combined by a fixed tree, so
/// that the bits depend on the row's length alone.
/// </summary>
public sealed unsafe class TileReduceKernel : Kernel, ISliced
{
    private const int Tile = TileProgram.TileElements;

    private readonly TilePlan _plan;
    private readonly TileFold _fold;
    private readonly Operand _output;
    private readonly int _size;
    private readonly long _rows;
    private readonly int _rowLength;

    /// <summary>Rows in a tile, when a tile holds whole rows, else 1.</summary>
    private readonly int _tileRows;

    /// <summary>Tiles in a row, when a row takes many, else 1.</summary>
    private readonly int _rowTiles;
    private readonly long _tiles;
    private readonly long _tilesPerTask;

    /// <summary>Plans the kernel.</summary>
    /// <param name="program">a program with a result register.</param>
    /// <param name="reduction">what combines the elements.</param>
    /// <param name="rowLength">elements of a row; divides the program's count.</param>
    /// <param name="output">one element for each row, of the result's type; overlaps nothing that the program reads or writes.</param>
    /// <exception cref="ArgumentException">the program has no result, or its elements do not make whole rows.</exception>
    public TileReduceKernel(TileProgram program, TileReduction reduction, int rowLength, Operand output)
    {
        if (program.Result < 0)
            throw new ArgumentException("tile reduction: the program has no result register");
        if (rowLength <= 0 || program.Count % rowLength != 0)
            throw new ArgumentException($"tile reduction: {program.Count} elements do not make rows of {rowLength}");
        ElementType type = program.Registers[program.Result].Type;
        _plan = program.Plan;
        _fold = TileFold.Of(reduction, type);
        _output = output;
        _size = type.Size();
        _rows = program.Count / rowLength;
        _rowLength = rowLength;
        _tileRows = Math.Max(1, Tile / rowLength);
        _rowTiles = (rowLength + Tile - 1) / Tile;
        _tiles = (_rows * _rowTiles + _tileRows - 1) / _tileRows;
        _tilesPerTask = _plan.PiecesPerTask(Math.Min(rowLength * (long)_tileRows, Tile));
        ScratchBytes = program.ScratchBytes;
        WorkspaceBytes = _rowTiles > 1 ? _tiles * _size : 0;
    }

    /// <inheritdoc/>
    public override int ScratchBytes { get; }

    /// <inheritdoc/>
    public override long WorkspaceBytes { get; }

    /// <inheritdoc/>
    public override void Run(RunContext context)
    {
        if (_tiles > _tilesPerTask)
            context.Pool.Run(this, context, 0, checked((int)((_tiles + _tilesPerTask - 1) / _tilesPerTask)));
        else if (_tiles > 0)
            Execute(context, 0, 0, 0);
        if (_rowTiles > 1)
            CombineTiles(context);
    }

    /// <inheritdoc/>
    protected internal override void Execute(RunContext context, int phase, int task, int worker)
    {
        var frame = new TileFrame(_plan, context, context.Scratch(worker));
        long end = Math.Min(_tiles, (task + 1) * _tilesPerTask);
        for (long tile = task * _tilesPerTask; tile < end; tile++)
        {
            if (_rowTiles > 1)
                FoldPart(context, frame, tile);
            else
                FoldRows(context, frame, tile);
        }
    }

    /// <summary>Folds a part of one row into the workspace.</summary>
    private void FoldPart(RunContext context, in TileFrame frame, long tile)
    {
        (long row, long part) = Math.DivRem(tile, _rowTiles);
        int length = (int)Math.Min(Tile, _rowLength - part * Tile);
        frame.RunTile(row * _rowLength + part * Tile, length);
        _fold.Fold(context.Workspace + tile * _size, frame.Result, length, 1);
    }

    /// <summary>Folds all rows of a tile into the output.</summary>
    private void FoldRows(RunContext context, in TileFrame frame, long tile)
    {
        FoldRows(context, frame, tile * _tileRows, (int)Math.Min(_tileRows, _rows - tile * _tileRows));
    }

    private void FoldRows(RunContext context, in TileFrame frame, long first, int rows)
    {
        frame.RunTile(first * _rowLength, rows * _rowLength);
        _fold.Fold(_output.In<byte>(context) + first * _size, frame.Result, _rowLength, rows);
    }

    /// <summary>Combines the parts of each row: one number a tile, too few to be worth other threads.</summary>
    private void CombineTiles(RunContext context)
    {
        for (long row = 0; row < _rows; row++)
        {
            byte* parts = context.Workspace + row * _rowTiles * _size;
            _fold.Tree(parts, _rowTiles);
            Unsafe.CopyBlockUnaligned(_output.In<byte>(context) + row * _size, parts, (uint)_size);
        }
    }

    /// <summary>Whether rows of so many elements are reduced one by one, so that slices of a batch can be.</summary>
    public static bool CanSlice(int rowLength) => rowLength <= Tile;

    void ISliced.RunSlice(RunContext context, byte* workspace, Slice slice, int worker)
    {
        var frame = new TileFrame(_plan, context, context.Scratch(worker));
        long each = _rows / slice.Batch;
        long end = (slice.First + slice.Rows) * each;
        for (long first = slice.First * each; first < end; first += _tileRows)
            FoldRows(context, frame, first, (int)Math.Min(_tileRows, end - first));
    }
}
