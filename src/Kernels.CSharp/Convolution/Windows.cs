using System.Numerics;

namespace Functional.Kernels;

/// <summary>
/// The moved images of a <see cref="Correlation"/>, laid out so that what one position meets lies side by side: in one piece,
/// or in a few that lie at fixed distances. So the images are the right operand of a product, read where they lie.
/// </summary>
internal abstract unsafe class Windows<TLanes, T, V>(Correlation correlation)
    where TLanes : ILanes<T, V>
    where T : unmanaged, INumber<T>
    where V : unmanaged
{
    public Correlation Correlation => correlation;

    protected Axis Height => correlation.Height;

    protected Axis Width => correlation.Width;

    protected ConvShape Shape => correlation.Shape;

    /// <summary>How many pieces a window has.</summary>
    public abstract int Pieces { get; }

    /// <summary>Elements in a piece.</summary>
    public abstract int PieceSize { get; }

    /// <summary>Elements from one moved channel to the next within a piece.</summary>
    public abstract int ChannelStep { get; }

    /// <summary>Estimated time to lay out the window of one position, in multiply-adds of vectors.</summary>
    public abstract double FillCost { get; }

    /// <summary>Elements from one row of positions to the next.</summary>
    public abstract int RowStep { get; }

    /// <summary>Elements from one position of a row to the next.</summary>
    public abstract int PositionStep { get; }

    /// <summary>Elements that an image takes with so many rows of positions.</summary>
    public abstract int ImageSize(int rows);

    /// <summary>Elements of further memory that filling needs.</summary>
    public abstract int WorkSize(int rows);

    /// <summary>Elements from the first piece to another one.</summary>
    public abstract int PieceOffset(int piece);

    /// <summary>The piece, and the element in it, that a tap finds the first channel in.</summary>
    public abstract (int Piece, int Element) Place(int row, int column);

    /// <summary>Lays out rows of positions of one image.</summary>
    /// <param name="image">the image's first channel.</param>
    /// <param name="first">the first row of positions.</param>
    /// <param name="rows">how many rows.</param>
    /// <param name="windows">where they go; zeros, or what an earlier call for the same rows left.</param>
    /// <param name="work">room for <see cref="WorkSize"/> elements.</param>
    public abstract void Fill(T* image, int first, int rows, T* windows, T* work);

    /// <summary>A piece rounded up to vectors.</summary>
    public int PiecePitch => RoundUp(PieceSize, BlockProduct<TLanes, T, V>.Lanes);

    /// <summary>Estimated time of a correlation with these windows, in multiply-adds of vectors.</summary>
    public double Cost
    {
        get
        {
            int vectors = PiecePitch / BlockProduct<TLanes, T, V>.Lanes;
            return correlation.Positions * ((double)RoundUp(correlation.Still, 4) * Pieces * vectors + FillCost);
        }
    }

    /// <summary>The roles and the layout with the least work.</summary>
    public static Windows<TLanes, T, V> Plan(ConvShape shape)
    {
        Windows<TLanes, T, V> windows = Plan(Correlation.OfImages(shape));
        if (shape.StrideHeight > 1 || shape.StrideWidth > 1)
            return windows;
        Windows<TLanes, T, V> exchanged = Plan(Correlation.OfGradients(shape));
        return exchanged.Cost < windows.Cost ? exchanged : windows;
    }

    protected static int RoundUp(int value, int unit) => checked(value + unit - 1) / unit * unit;

    private static Windows<TLanes, T, V> Plan(Correlation correlation)
    {
        var channels = new ChannelWindows<TLanes, T, V>(correlation);
        var patches = new PatchWindows<TLanes, T, V>(correlation);
        return patches.Cost < channels.Cost ? patches : channels;
    }
}
