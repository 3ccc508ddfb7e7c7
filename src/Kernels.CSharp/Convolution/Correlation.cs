namespace Functional.Kernels;

/// <summary>
/// The weight gradient of one group as a correlation: <c>Σ_k still[k, s] · moved[k + tap, m]</c> over the positions k of all
/// images, for each channel s of the images that stand still, m of those that are moved, and each tap (row, column).
/// </summary>
/// <param name="Still">channels of the images that stand still; their elements are the positions.</param>
/// <param name="Moved">channels of the images that are moved.</param>
/// <param name="Height">the rows of the moved images as positions and taps read them.</param>
/// <param name="Width">the columns of the moved images.</param>
/// <param name="Shape">the convolution.</param>
/// <param name="Exchanged">whether x stands still and dy is moved.</param>
internal sealed record Correlation(int Still, int Moved, Axis Height, Axis Width, ConvShape Shape, bool Exchanged)
{
    /// <summary>dy stands still and x is moved along: possible for every convolution.</summary>
    public static Correlation OfImages(ConvShape shape) =>
        new(shape.GroupOutChannels, shape.GroupInChannels, Axis.Height(shape), Axis.Width(shape), shape, Exchanged: false);

    /// <summary>
    /// x stands still and dy is moved against it, its last tap first: possible where the stride is 1, and less work where the
    /// result has few channels.
    /// </summary>
    public static Correlation OfGradients(ConvShape shape) =>
        new(
            shape.GroupInChannels,
            shape.GroupOutChannels,
            Against(Axis.Height(shape), shape.OutHeight),
            Against(Axis.Width(shape), shape.OutWidth),
            shape,
            Exchanged: true
        );

    /// <summary>Positions in one image.</summary>
    public int Positions => checked(Height.Positions * Width.Positions);

    /// <summary>Where the sum for a tap and the first channels belongs within the weights of a group.</summary>
    public int Weight(int row, int column)
    {
        int tap = row * Shape.KernelWidth + column;
        return Exchanged ? Shape.Taps - 1 - tap : tap;
    }

    /// <summary>Weights from one still channel to the next.</summary>
    public int StillStep => Exchanged ? Shape.Taps : Shape.FilterSize;

    /// <summary>Weights from one moved channel to the next.</summary>
    public int MovedStep => Exchanged ? Shape.FilterSize : Shape.Taps;

    // y's position i meets x's element i + origin + tap, so x's element a meets y's a − origin − tap.
    private static Axis Against(Axis axis, int outputs) =>
        new(Source: outputs, Positions: axis.Source, Step: 1, Origin: -axis.Origin - axis.LargestTap, axis.LargestTap);
}
