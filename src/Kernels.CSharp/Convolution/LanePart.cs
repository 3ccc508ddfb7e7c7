namespace Functional.Kernels;

/// <summary>One product of a convolution in lanes: weights times the vectors of pixels that each position sees.</summary>
/// <param name="Height">rows of the product: a multiple of four.</param>
/// <param name="Rows">rows of positions.</param>
/// <param name="Columns">positions in a row.</param>
/// <param name="Offsets">where each element of a sum lies, in elements of the lanes.</param>
internal sealed record LanePart(int Height, int Rows, int Columns, OffsetTable Offsets)
{
    /// <summary>Elements of the weights, one row for each element of a sum.</summary>
    public int Weights => Offsets.Length * Height;
}
