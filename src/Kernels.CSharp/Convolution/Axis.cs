namespace Functional.Kernels;

/// <summary>
/// One direction of a convolution: position i reads the source at <c>Origin + i · Step + tap</c> for some taps ≥ 0.
/// </summary>
/// <param name="Source">elements of the source; outside it is zero.</param>
/// <param name="Positions">how many positions there are.</param>
/// <param name="Step">source elements from one position to the next.</param>
/// <param name="Origin">what position 0 reads with tap 0; may lie outside.</param>
/// <param name="LargestTap">the farthest tap.</param>
internal readonly record struct Axis(int Source, int Positions, int Step, int Origin, int LargestTap)
{
    /// <summary>Positions, in whole steps, that the farthest tap looks ahead.</summary>
    public int Reach => LargestTap / Step;

    /// <summary>Elements that are read before the source begins.</summary>
    public int Before => Math.Max(0, -Origin);

    /// <summary>The source with all that is read before and after it.</summary>
    public int Padded => Before + Math.Max(Source, Origin + Extent(Positions));

    /// <summary>
    /// The positions as the source of its elements, taps from last to first; only for steps of 1. (Position i meets element
    /// i + Origin + tap, so element a meets position a − Origin − tap.)
    /// </summary>
    public Axis Reversed => new(Source: Positions, Positions: Source, Step: 1, Origin: -Origin - LargestTap, LargestTap);

    /// <summary>The rows of x as the rows of y read them.</summary>
    public static Axis Height(ConvShape shape) =>
        new(shape.InHeight, shape.OutHeight, shape.StrideHeight, -shape.PadTop, (shape.KernelHeight - 1) * shape.DilationHeight);

    /// <summary>The columns of x as the columns of y read them.</summary>
    public static Axis Width(ConvShape shape) =>
        new(shape.InWidth, shape.OutWidth, shape.StrideWidth, -shape.PadLeft, (shape.KernelWidth - 1) * shape.DilationWidth);

    /// <summary>Elements from the first to the last that so many neighbouring positions read.</summary>
    public int Extent(int positions) => positions <= 0 ? 0 : checked((positions - 1) * Step + LargestTap + 1);

    /// <summary>What neighbouring positions read: the source element at the top, and which of those from there on lie inside.</summary>
    public (int Top, int Begin, int End) Inside(int first, int positions)
    {
        int top = Origin + first * Step;
        return (top, Math.Max(0, -top), Math.Min(Extent(positions), Source - top));
    }
}
