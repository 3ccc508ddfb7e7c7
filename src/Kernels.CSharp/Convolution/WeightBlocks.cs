namespace Functional.Kernels;

/// <summary>
/// How a weight gradient is cut, by its shape alone. Its sums go over all positions of all images: these fall into runs, each
/// summed by itself, and a run into blocks that are laid out and multiplied at a time.
/// </summary>
/// <param name="Runs">how many runs.</param>
/// <param name="Parts">into how many parts the still channels fall.</param>
/// <param name="PartChannels">still channels in a part.</param>
/// <param name="RowBlocks">blocks of rows in an image.</param>
/// <param name="Rows">rows of positions in a block.</param>
/// <param name="Images">images in a block.</param>
internal sealed record WeightBlocks(int Runs, int Parts, int PartChannels, int RowBlocks, int Rows, int Images)
{
    /// <summary>What a block takes, so that it stays in a second-level cache beside the sums.</summary>
    private const int BlockBytes = 1 << 18;

    /// <summary>Runs, groups and parts are chosen so that there are about this many tasks.</summary>
    private const int Tasks = 8;

    /// <summary>Positions from which on a run pays for writing and adding up its sums.</summary>
    private const int RunPositions = 128;

    private const int MostRunBytes = 1 << 24;

    /// <summary>Positions of a row in all images of a block.</summary>
    public int Depth(Correlation correlation) => checked(Images * Rows * correlation.Width.Positions);

    /// <summary>Chooses the blocks.</summary>
    /// <param name="correlation">what is computed for each group.</param>
    /// <param name="runBytes">bytes of all sums of a run.</param>
    /// <param name="unit">a part of the channels is a multiple of this.</param>
    /// <param name="imageBytes">bytes of an image's block with so many rows and still channels.</param>
    public static WeightBlocks Plan(Correlation correlation, long runBytes, int unit, Func<int, int, long> imageBytes)
    {
        (int batch, int groups) = (correlation.Shape.Batch, correlation.Shape.Groups);
        int height = correlation.Height.Positions;
        long positions = (long)batch * correlation.StillPlane;
        int runs = (int)Math.Clamp(Math.Min(positions / RunPositions, MostRunBytes / runBytes), 1, Tasks);
        int units = CeilingDivide(correlation.Still, unit);
        int partUnits = CeilingDivide(units, Math.Clamp(Tasks / (runs * groups), 1, units));
        int channels = Math.Min(correlation.Still, partUnits * unit);

        int rowBlocks = Math.Min(height, CeilingDivide(runs, batch));
        while (rowBlocks < height && imageBytes(CeilingDivide(height, rowBlocks), channels) > BlockBytes)
            rowBlocks++;
        int rows = CeilingDivide(height, rowBlocks);
        rowBlocks = CeilingDivide(height, rows);
        runs = (int)Math.Min(runs, (long)batch * rowBlocks);
        int images = rowBlocks > 1 ? 1 : (int)Math.Clamp(BlockBytes / imageBytes(rows, channels), 1, batch / runs);
        return new WeightBlocks(runs, CeilingDivide(units, partUnits), channels, rowBlocks, rows, images);
    }

    private static int CeilingDivide(int value, int divisor) => (int)WorkSplit.CeilingDivide(value, divisor);
}
