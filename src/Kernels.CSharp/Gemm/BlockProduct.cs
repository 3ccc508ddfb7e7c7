using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>Where a product goes.</summary>
internal unsafe interface IOutput<T>
    where T : unmanaged
{
    /// <summary>Whether the tile at (row, column) is stored row by row with a constant stride, and where.</summary>
    bool Place(int row, int column, out T* corner, out nint stride);

    /// <summary>Writes or adds a part of a tile that could not be written in place.</summary>
    void Write(T* tile, nint stride, int row, int rows, int column, int columns, bool add);

    /// <summary>Called when these elements are final, while they are still in cache.</summary>
    void Finish(int row, int rows, int column, int columns);
}

/// <summary>A part of a product that one task computes.</summary>
internal readonly record struct Block(int Row, int Rows, int Column, int Columns);

/// <summary>
/// The product of one block. For each stretch of k: the right operand's strips are packed once and stay in the second-level
/// cache; then for each strip of rows, which stays in the first-level cache, the register tiles go along the block.
/// </summary>
/// <remarks>
/// The order of each sum depends on the sum's length alone: stretches of k of equal length, none above
/// <see cref="MaxDepth"/>, each one chain of multiply-adds, added up in ascending order.
/// </remarks>
internal static unsafe class BlockProduct<TLanes, T, V>
    where TLanes : ILanes<T, V>
    where T : unmanaged
    where V : unmanaged
{
    /// <summary>The longest stretch of k: a strip of rows of this depth takes at most half of a first-level cache.</summary>
    public const int MaxDepth = 256;

    /// <summary>Strips of columns in a block: at full depth they fill half of a second-level cache.</summary>
    private const int MaxStrips = 16;

    /// <summary>Columns of one vector.</summary>
    public static int Lanes => sizeof(V) / sizeof(T);

    /// <summary>Columns of a register tile, and so of a strip.</summary>
    public static int Width => TLanes.Tile.Vectors * Lanes;

    /// <summary>Rows of the tallest register tile.</summary>
    public static int Height => TLanes.Tile.Quads * 4;

    /// <summary>The most columns of a block. (Double elements make the strips half as wide, so the bytes stay the same.)</summary>
    public static int MaxColumns => MaxStrips * Width;

    /// <summary>How many stretches a sum is cut into.</summary>
    public static int Stretches(int depth) => Math.Max(1, (depth + MaxDepth - 1) / MaxDepth);

    /// <summary>Bytes of scratch memory for blocks of so many columns.</summary>
    public static int ScratchBytes(int depth, int columns)
    {
        int stretch = Math.Min(depth, MaxDepth);
        int strips = (Math.Min(columns, MaxColumns) + Width - 1) / Width;
        return sizeof(T) * (strips * RightStrip(stretch) + LeftStrip(stretch) + Height * Width);
    }

    /// <summary>Computes <paramref name="block"/> of <c>left · right</c>, sums of length <paramref name="depth"/>.</summary>
    public static void Run<TLeft, TRight, TOutput>(TLeft left, TRight right, TOutput output, Block block, int depth, bool add, T* scratch)
        where TLeft : struct, ILeft<T>
        where TRight : struct, IRight<T>
        where TOutput : struct, IOutput<T>
    {
        int stretches = Stretches(depth);
        int strips = (block.Columns + Width - 1) / Width;
        Panel<T>* panels = stackalloc Panel<T>[MaxStrips];
        T* leftBuffer = scratch;
        T* tile = leftBuffer + LeftStrip(Math.Min(depth, MaxDepth));
        T* rightBuffer = tile + Height * Width;
        for (int stretch = 0; stretch < stretches; stretch++)
        {
            int k = Share(depth, stretch, stretches);
            int length = Share(depth, stretch + 1, stretches) - k;
            for (int strip = 0; strip < strips; strip++)
            {
                int columns = Math.Min(Width, block.Columns - strip * Width);
                T* buffer = rightBuffer + strip * RightStrip(length);
                panels[strip] = right.Read(block.Column + strip * Width, columns, Width, k, length, buffer);
            }

            int quads = (block.Rows + 3) / 4;
            int bands = (quads + TLanes.Tile.Quads - 1) / TLanes.Tile.Quads;
            for (int band = 0; band < bands; band++)
            {
                int first = 4 * Share(quads, band, bands);
                int rows = Math.Min(block.Rows, 4 * Share(quads, band + 1, bands)) - first;
                Panel<T> rowsPanel = left.Read(block.Row + first, rows, k, length, leftBuffer);
                var strip = new Block(block.Row + first, rows, block.Column, block.Columns);
                Band(rowsPanel, panels, output, strip, length, add || stretch > 0, tile);
                if (stretch == stretches - 1)
                    output.Finish(strip.Row, rows, block.Column, block.Columns);
            }
        }
    }

    /// <summary>Where the i-th of n nearly equal parts begins.</summary>
    public static int Share(int total, int i, int n) => (int)((long)total * i / n);

    private static int LeftStrip(int depth) => RoundToLine(Height * depth);

    private static int RightStrip(int depth) => Width * depth;

    private static int RoundToLine(int elements) => (elements + 15) & ~15;

    private static void Band<TOutput>(Panel<T> left, Panel<T>* panels, TOutput output, Block band, int depth, bool add, T* tile)
        where TOutput : struct, IOutput<T>
    {
        var input = new TileInput<T>
        {
            Left = left.Start,
            LeftStep = left.Step,
            QuadStep = left.QuadStep,
            Depth = depth,
        };
        int quads = (band.Rows + 3) / 4;
        for (int column = 0; column < band.Columns; column += Width, panels++)
        {
            int columns = Math.Min(Width, band.Columns - column);
            int vectors = (columns + Lanes - 1) / Lanes;
            input.Right = panels->Start;
            input.RightStep = panels->Step;
            bool whole = columns == vectors * Lanes && band.Rows == 4 * quads;
            if (output.Place(band.Row, band.Column + column, out T* corner, out nint stride) && whole)
            {
                RegisterTile<TLanes, T, V>.Run(quads, vectors, input, corner, stride, add);
                continue;
            }

            RegisterTile<TLanes, T, V>.Run(quads, vectors, input, tile, Width, false);
            output.Write(tile, Width, band.Row, band.Rows, band.Column + column, columns, add);
        }
    }
}
