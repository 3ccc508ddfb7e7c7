namespace Functional.Kernels;

/// <summary>How a product is cut into blocks, one a task: rows in quads, columns in vectors.</summary>
/// <param name="Quads">quads of rows of one product.</param>
/// <param name="Vectors">vectors of columns of one product.</param>
/// <param name="RowBlocks">blocks above each other.</param>
/// <param name="ColumnBlocks">blocks side by side.</param>
internal readonly record struct GemmGrid(int Quads, int Vectors, int RowBlocks, int ColumnBlocks)
{
    /// <summary>Estimated cycles to hand work to other threads: below this, splitting loses.</summary>
    private const double HandOffCycles = 6_000;

    /// <summary>Expected loss when each thread has one task only: threads are held up, and tasks are what the others can take over.</summary>
    private const double Unevenness = 0.04;

    /// <summary>Estimated cycles per vector of the result beside its multiply-adds, in units of one k.</summary>
    private const int StoreDepth = 8;

    /// <summary>Whether a block of so many rows reads a plain right operand where it lies: measured, packing pays above.</summary>
    public static bool ReadsInPlace(double rows) => rows <= 512;

    /// <summary>How many tasks one product of a batch has.</summary>
    public int Blocks => RowBlocks * ColumnBlocks;

    /// <summary>The grid with the least estimated time. It decides who computes an element, never how.</summary>
    /// <param name="shape">the product.</param>
    /// <param name="lanes">columns in a vector.</param>
    /// <param name="maxVectors">the most vectors of columns in a block.</param>
    /// <param name="threads">how many blocks are computed at once.</param>
    public static GemmGrid Plan(GemmShape shape, int lanes, int maxVectors, int threads)
    {
        int quads = Math.Max(1, (shape.M + 3) / 4);
        int vectors = Math.Max(1, (shape.N + lanes - 1) / lanes);
        int fewest = (vectors + maxVectors - 1) / maxVectors;
        var best = new GemmGrid(quads, vectors, 1, fewest);
        double least = double.MaxValue;
        for (int columnBlocks = fewest; columnBlocks <= Math.Min(vectors, fewest + 2 * threads); columnBlocks++)
        {
            for (int rowBlocks = 1; rowBlocks <= Math.Min(quads, 2 * threads); rowBlocks++)
            {
                var grid = new GemmGrid(quads, vectors, rowBlocks, columnBlocks);
                double cycles = grid.Cycles(shape, lanes, threads);
                if (cycles < least)
                    (least, best) = (cycles, grid);
            }
        }

        return best;
    }

    /// <summary>The part of a product of M x N that the i-th block computes.</summary>
    public Block Block(int i, int m, int n, int lanes)
    {
        (int down, int right) = Math.DivRem(i, ColumnBlocks);
        int row = 4 * Share.Begin(Quads, down, RowBlocks);
        int column = lanes * Share.Begin(Vectors, right, ColumnBlocks);
        int rowEnd = Math.Min(m, 4 * Share.Begin(Quads, down + 1, RowBlocks));
        int columnEnd = Math.Min(n, lanes * Share.Begin(Vectors, right + 1, ColumnBlocks));
        return new Block(row, rowEnd - row, column, columnEnd - column);
    }

    // Two multiply-adds a cycle; packing costs a cycle for ten elements of rows, for four of left rows transposed, for two
    // of right columns.
    private double Cycles(GemmShape shape, int lanes, int threads)
    {
        double quads = (Quads + RowBlocks - 1) / RowBlocks;
        double vectors = (Vectors + ColumnBlocks - 1) / ColumnBlocks;
        double product = 2 * quads * vectors * (shape.K + StoreDepth);
        double leftCycles = shape.TransposeA ? 0 : 0.25;
        double rightCycles =
            shape.TransposeB ? 0.5
            : ReadsInPlace(4 * quads) ? 0
            : 0.1;
        double packing = shape.K * (4 * quads * leftCycles + vectors * lanes * rightCycles);
        long tasks = (long)shape.Batch * Blocks;
        long rounds = (tasks + threads - 1) / threads;
        double computing = rounds * (product + packing);
        return tasks > 1 && threads > 1 ? computing * (1 + Unevenness / rounds) + HandOffCycles : computing;
    }
}
