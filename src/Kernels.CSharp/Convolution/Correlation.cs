namespace Functional.Kernels;

/// <summary>
/// The weight gradient of one group as a correlation: <c>Σ_k still[k, s] · moved[k + tap, m]</c> over the positions k of all
/// images, for each channel s of the images that stand still, m of those that are moved, and each tap (row, column).
/// </summary>
/// <param name="Shape">the convolution.</param>
/// <param name="Exchanged">whether x stands still and dy is moved, not the other way round.</param>
/// <param name="Still">channels of the images that stand still; their elements are the positions.</param>
/// <param name="Moved">channels of the images that are moved.</param>
/// <param name="Height">the rows of the moved images as positions and taps read them.</param>
/// <param name="Width">the columns of the moved images.</param>
internal sealed record Correlation(ConvShape Shape, bool Exchanged, int Still, int Moved, Axis Height, Axis Width)
{
    /// <summary>Elements of a channel of the images that stand still: the positions of one image.</summary>
    public int StillPlane => checked(Height.Positions * Width.Positions);

    /// <summary>Elements of a channel of the images that are moved.</summary>
    public int MovedPlane => checked(Height.Source * Width.Source);

    /// <summary>Weights from one still channel to the next.</summary>
    public int StillStep => Exchanged ? Shape.Taps : Shape.FilterSize;

    /// <summary>Weights from one moved channel to the next.</summary>
    public int MovedStep => Exchanged ? Shape.FilterSize : Shape.Taps;

    /// <summary>
    /// x can always be moved. With stride 1 so can dy, its last tap first: less work where the result has few channels.
    /// </summary>
    public static Correlation[] Of(ConvShape shape)
    {
        Axis height = Axis.Height(shape);
        Axis width = Axis.Width(shape);
        (int inputs, int outputs) = (shape.GroupInChannels, shape.GroupOutChannels);
        var plain = new Correlation(shape, Exchanged: false, outputs, inputs, height, width);
        if (height.Step > 1 || width.Step > 1)
            return [plain];
        return [plain, new Correlation(shape, Exchanged: true, inputs, outputs, height.Reversed, width.Reversed)];
    }

    /// <summary>The weight that belongs to a tap and the first channels of the group.</summary>
    public int Weight(int row, int column)
    {
        int tap = row * Shape.KernelWidth + column;
        return Exchanged ? Shape.Taps - 1 - tap : tap;
    }
}
