using System.Numerics;

namespace Functional.Kernels;

/// <summary>
/// Padded images with their channels innermost. What a row of the kernel meets are neighbours in memory, so each row is one
/// piece (unless the kernel's columns are dilated: then each tap is).
/// </summary>
internal sealed unsafe class ChannelWindows<TLanes, T, V> : Windows<TLanes, T, V>
    where TLanes : ILanes<T, V>
    where T : unmanaged, INumber<T>
    where V : unmanaged
{
    private readonly ConvShape _shape;
    private readonly Axis _height;
    private readonly Axis _width;
    private readonly int _channels;
    private readonly int _piecesAcross;

    public ChannelWindows(Correlation correlation)
        : base(correlation)
    {
        (_shape, _height, _width, _channels) = (correlation.Shape, correlation.Height, correlation.Width, correlation.Moved);
        _piecesAcross = _shape.DilationWidth == 1 ? 1 : _shape.KernelWidth;
    }

    public override int Pieces => _shape.KernelHeight * _piecesAcross;

    public override int PieceSize => checked(_shape.KernelWidth / _piecesAcross * _channels);

    public override int ChannelStep => 1;

    public override int PositionStep => _width.Step * _channels;

    public override int RowStep => checked(_height.Step * Line);

    public override bool AreLeft => false;

    public override bool HavePadding => true;

    public override double Cost => Correlation.StillPlane * Pieces * ProductCost(Correlation.Still, PieceSize);

    private int Line => checked(_width.Padded * _channels);

    public override int ImageSize(int rows) => checked(_height.Extent(rows) * Line);

    public override int WorkSize(int rows) => 0;

    public override int PieceOffset(int piece)
    {
        (int row, int column) = Math.DivRem(piece, _piecesAcross);
        return row * _shape.DilationHeight * Line + (_width.Before + _width.Origin + column * _shape.DilationWidth) * _channels;
    }

    public override (int Piece, int Element) Place(int row, int column) =>
        _piecesAcross == 1 ? (row, column * _channels) : (row * _piecesAcross + column, 0);

    public override void Fill(T* image, int first, int rows, T* windows, T* work)
    {
        (int top, int begin, int end) = _height.Inside(first, rows);
        if (begin >= end)
            return;
        T* from = image + (long)(top + begin) * _width.Source;
        T* to = windows + begin * Line + _width.Before * _channels;
        if (_width.Padded == _width.Source)
            Channels.Deal(from, Correlation.MovedPlane, _channels, 1, (end - begin) * _width.Source, to, _channels, 0);
        else
            Channels.Deal(from, Correlation.MovedPlane, _channels, end - begin, _width.Source, to, _channels, Line);
    }
}
