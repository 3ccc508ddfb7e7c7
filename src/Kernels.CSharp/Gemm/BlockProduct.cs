using System.Numerics;

namespace Functional.Kernels;

/// <summary>A part of a product that one task computes.</summary>
internal readonly record struct Block(int Row, int Rows, int Column, int Columns);

/// <summary>
/// The product of one block. For each stretch of k: the right operand's strips, packed or where they lie, come into the
/// second-level cache; then for each strip of rows, which stays in the first level, the register tiles go along the block.
/// </summary>
/// <remarks>
/// The order of each sum depends on the sum's length alone: stretches of k of equal length, none above
/// <see cref="MaxDepth"/>, each one chain of multiply-adds, added up in ascending order.
/// </remarks>
internal static unsafe class BlockProduct<TLanes, T, V>
    where TLanes : ILanes<T, V>
    where T : unmanaged, INumber<T>
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
    public static void Run<TLeft, TRight>(TLeft left, TRight right, MatrixOutput<T> output, Block block, int depth, bool add, T* scratch)
        where TLeft : struct, ILeft<T>
        where TRight : struct, IRight<T>
    {
        int stretches = Stretches(depth);
        int strips = (block.Columns + Width - 1) / Width;
        Panel<T>* panels = stackalloc Panel<T>[MaxStrips];
        T* leftBuffer = scratch;
        T* tile = leftBuffer + LeftStrip(Math.Min(depth, MaxDepth));
        T* rightBuffer = tile + Height * Width;
        for (int stretch = 0; stretch < stretches; stretch++)
        {
            int k = Share.Begin(depth, stretch, stretches);
            int length = Share.Begin(depth, stretch + 1, stretches) - k;
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
                int first = 4 * Share.Begin(quads, band, bands);
                int rows = Math.Min(block.Rows, 4 * Share.Begin(quads, band + 1, bands)) - first;
                Panel<T> rowsPanel = left.Read(block.Row + first, rows, k, length, leftBuffer);
                var strip = new Block(block.Row + first, rows, block.Column, block.Columns);
                Band(rowsPanel, panels, output, strip, length, add || stretch > 0, tile);
                if (stretch == stretches - 1)
                    output.Finish(strip);
            }
        }
    }

    private static int LeftStrip(int depth) => RoundToLine(Height * depth);

    private static int RightStrip(int depth) => Width * depth;

    private static int RoundToLine(int elements) => (elements + 15) & ~15;

    private static void Band(Panel<T> left, Panel<T>* panels, MatrixOutput<T> output, Block band, int depth, bool add, T* tile)
    {
        int quads = (band.Rows + 3) / 4;
        for (int column = 0; column < band.Columns; column += Width, panels++)
        {
            int columns = Math.Min(Width, band.Columns - column);
            int vectors = (columns + Lanes - 1) / Lanes;
            if (columns == vectors * Lanes && band.Rows == 4 * quads)
            {
                T* corner = output.At(band.Row, band.Column + column);
                RegisterTile<TLanes, T, V>.Run(quads, vectors, left, *panels, depth, corner, output.Stride, add);
            }
            else
            {
                RegisterTile<TLanes, T, V>.Run(quads, vectors, left, *panels, depth, tile, Width, false);
                output.Write(tile, Width, new Block(band.Row, band.Rows, band.Column + column, columns), add);
            }
        }
    }
}
