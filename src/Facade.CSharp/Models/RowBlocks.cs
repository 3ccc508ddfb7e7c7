namespace Functional;

/// <summary>
/// Functions of rows, applied block by block. Blocks have one of two sizes, filled up with zeros, so that a function is compiled at most
/// twice however many rows there are.
/// </summary>
internal static class RowBlocks
{
    private const int Rows = 128;

    /// <summary>The blocks of some rows: the first row of each.</summary>
    public static IEnumerable<int> Starts(int count) => Enumerable.Range(0, (count + Rows - 1) / Rows).Select(block => block * Rows);

    /// <summary>The block that starts at a row, and how many of its rows are given.</summary>
    public static (Core.Tensor Block, int Given) Read(ReadOnlySpan<float> values, int width, int start)
    {
        int count = values.Length / width;
        int given = Math.Min(Rows, count - start);
        float[] block = new float[(count == 1 ? 1 : Rows) * width];
        values.Slice(start * width, given * width).CopyTo(block);
        return (Core.Tensor.ofFloat32s([block.Length / width, width], block), given);
    }

    /// <summary>Rows of <paramref name="width"/> numbers to rows of <paramref name="resultWidth"/>.</summary>
    public static float[] Map(ReadOnlySpan<float> values, int width, int resultWidth, Func<Core.Tensor, Core.Tensor> function)
    {
        int count = values.Length / width;
        float[] results = new float[count * resultWidth];
        foreach (int start in Starts(count))
        {
            (Core.Tensor block, int given) = Read(values, width, start);
            function(block).ToFloat32s().AsSpan(0, given * resultWidth).CopyTo(results.AsSpan(start * resultWidth));
        }

        return results;
    }
}
