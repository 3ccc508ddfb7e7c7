using System.Numerics;

namespace Functional.Kernels;

/// <summary>
/// Padded images with their channels innermost. A row of the kernel meets neighbours in memory, so it is one piece (unless the
/// kernel's columns are dilated: then each tap is).
/// </summary>
internal sealed unsafe class ChannelWindows<TLanes, T, V> : Windows<TLanes, T, V>
    where TLanes : ILanes<T, V>
    where T : unmanaged, INumber<T>
    where V : unmanaged
{
    private readonly int _channels;
    private readonly int _left;
    private readonly int _pitch;
    private readonly int _piecesAcross;

    public ChannelWindows(Correlation correlation)
        : base(correlation)
    {
        _channels = RoundUp(correlation.Moved, 4);
        _left = Math.Max(0, -Width.Origin);
        _pitch = _left + Math.Max(Width.Source, Width.Origin + Width.Extent(Width.Positions));
        _piecesAcross = Shape.DilationWidth == 1 ? 1 : Shape.KernelWidth;
    }

    public override int Pieces => Shape.KernelHeight * _piecesAcross;

    public override int PieceSize => checked(Shape.KernelWidth / _piecesAcross * _channels);

    public override int ChannelStep => 1;

    public override double FillCost => 0;

    public override int RowStep => checked(Height.Step * _pitch * _channels);

    public override int PositionStep => Width.Step * _channels;

    public override int ImageSize(int rows) => checked(Height.Extent(rows) * _pitch * _channels);

    public override int WorkSize(int rows) => _pitch == Width.Source ? 0 : checked(Height.Extent(rows) * Width.Source * _channels);

    public override int PieceOffset(int piece)
    {
        (int row, int column) = Math.DivRem(piece, _piecesAcross);
        int across = _left + Width.Origin + column * Shape.DilationWidth;
        return (row * Shape.DilationHeight * _pitch + across) * _channels;
    }

    public override (int Piece, int Element) Place(int row, int column) =>
        _piecesAcross == 1 ? (row, column * _channels) : (row * _piecesAcross + column, 0);

    public override void Fill(T* image, int first, int rows, T* windows, T* work)
    {
        int top = Height.Origin + first * Height.Step;
        int begin = Math.Max(0, -top);
        int inside = Math.Min(Height.Source, top + Height.Extent(rows)) - top - begin;
        if (inside <= 0)
            return;
        T* source = image + (long)(top + begin) * Width.Source;
        T* target = windows + (begin * _pitch + _left) * _channels;
        T* dealt = _pitch == Width.Source ? target : work;
        var planes = new RightColumns<TLanes, T, V>(source, (nint)Height.Source * Width.Source);
        planes.Read(0, Correlation.Moved, _channels, 0, inside * Width.Source, dealt);
        if (dealt == target)
            return;
        int line = Width.Source * _channels;
        for (int row = 0; row < inside; row++)
            new ReadOnlySpan<T>(dealt + row * line, line).CopyTo(new Span<T>(target + row * _pitch * _channels, line));
    }
}
