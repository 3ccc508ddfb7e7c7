using System.Numerics;

namespace Functional.Kernels;

/// <summary>
/// The moved images of a <see cref="Correlation"/>, laid out so that what one position meets, its window, lies side by side in
/// one piece or in a few at fixed distances. So they are an operand of a product and are read where they lie.
/// </summary>
internal abstract unsafe class Windows<TLanes, T, V>(Correlation correlation)
    where TLanes : ILanes<T, V>
    where T : unmanaged, INumber<T>
    where V : unmanaged
{
    public Correlation Correlation => correlation;

    /// <summary>How many pieces a window has.</summary>
    public abstract int Pieces { get; }

    /// <summary>Elements in a piece.</summary>
    public abstract int PieceSize { get; }

    /// <summary>Elements from one moved channel to the next within a piece.</summary>
    public abstract int ChannelStep { get; }

    /// <summary>Elements from one position of a row to the next.</summary>
    public abstract int PositionStep { get; }

    /// <summary>Elements from one row of positions to the next.</summary>
    public abstract int RowStep { get; }

    /// <summary>
    /// Whether windows are the left operand, a row of the product for each element, and not the right one, a column for each.
    /// Only where windows have one piece and follow each other at one distance.
    /// </summary>
    public abstract bool AreLeft { get; }

    /// <summary>Whether there are elements that <see cref="Fill"/> leaves alone and that must be zero.</summary>
    public abstract bool HavePadding { get; }

    /// <summary>Estimated time of the whole, in multiply-adds of vectors.</summary>
    public abstract double Cost { get; }

    /// <summary>Elements that an image takes with so many rows of positions.</summary>
    public abstract int ImageSize(int rows);

    /// <summary>Elements of further memory that filling needs.</summary>
    public abstract int WorkSize(int rows);

    /// <summary>Elements from the first position to a piece of its window.</summary>
    public abstract int PieceOffset(int piece);

    /// <summary>The piece in which a tap finds the first channel, and the element of it.</summary>
    public abstract (int Piece, int Element) Place(int row, int column);

    /// <summary>Lays out rows of positions of one image.</summary>
    /// <param name="image">the image's first channel.</param>
    /// <param name="first">the first row of positions.</param>
    /// <param name="rows">how many rows.</param>
    /// <param name="windows">where they go.</param>
    /// <param name="work">room for <see cref="WorkSize"/> elements.</param>
    public abstract void Fill(T* image, int first, int rows, T* windows, T* work);

    /// <summary>The roles and the layout with the least work.</summary>
    public static Windows<TLanes, T, V> Plan(ConvShape shape)
    {
        IEnumerable<Windows<TLanes, T, V>> candidates =
            from correlation in Correlation.Of(shape)
            from windows in Layouts(correlation)
            select windows;
        return candidates.MinBy(windows => windows.Cost)!;
    }

    protected static int RoundUp(int value, int unit) => checked(value + unit - 1) / unit * unit;

    /// <summary>Multiply-adds of vectors for each position in a product of so many rows and columns.</summary>
    protected static double ProductCost(int rows, int columns) =>
        (double)RoundUp(rows, 4) * RoundUp(columns, BlockProduct<TLanes, T, V>.Lanes) / BlockProduct<TLanes, T, V>.Lanes;

    private static IEnumerable<Windows<TLanes, T, V>> Layouts(Correlation correlation) =>
        [
            new ChannelWindows<TLanes, T, V>(correlation),
            new PatchWindows<TLanes, T, V>(correlation, left: false),
            new PatchWindows<TLanes, T, V>(correlation, left: true),
        ];
}
