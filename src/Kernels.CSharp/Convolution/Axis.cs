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

    /// <summary>Elements from the first to the last that so many neighbouring positions read.</summary>
    public int Extent(int positions) => positions <= 0 ? 0 : checked((positions - 1) * Step + LargestTap + 1);

    /// <summary>The rows of x as the rows of y read them.</summary>
    public static Axis Height(ConvShape shape) =>
        new(shape.InHeight, shape.OutHeight, shape.StrideHeight, -shape.PadTop, (shape.KernelHeight - 1) * shape.DilationHeight);

    /// <summary>The columns of x as the columns of y read them.</summary>
    public static Axis Width(ConvShape shape) =>
        new(shape.InWidth, shape.OutWidth, shape.StrideWidth, -shape.PadLeft, (shape.KernelWidth - 1) * shape.DilationWidth);
}
