using System.Numerics;
using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>
/// For each position a copy of all that it meets, in the order of the weights: channel, row, column. More to copy than
/// <see cref="ChannelWindows{TLanes, T, V}"/>, but it fills vectors where a row of the kernel meets few numbers.
/// </summary>
internal sealed unsafe class PatchWindows<TLanes, T, V> : Windows<TLanes, T, V>
    where TLanes : ILanes<T, V>
    where T : unmanaged, INumber<T>
    where V : unmanaged
{
    /// <summary>Estimated time to copy up to four elements, in multiply-adds of vectors.</summary>
    private const double CopyCost = 3;

    private readonly ConvShape _shape;
    private readonly Axis _height;
    private readonly Axis _width;
    private readonly int _channels;
    private readonly int _fours;
    private readonly int _step;

    public PatchWindows(Correlation correlation, bool left)
        : base(correlation)
    {
        (_shape, _height, _width, _channels) = (correlation.Shape, correlation.Height, correlation.Width, correlation.Moved);
        _fours = (_shape.KernelWidth + 3) / 4;
        // A row of the kernel is copied in fours: what is too much is overwritten by the next row; after the last there is room.
        _step = RoundUp(PieceSize + 4 * _fours - _shape.KernelWidth, 4);
        AreLeft = left;
    }

    public override int Pieces => 1;

    public override int PieceSize => checked(_channels * _shape.Taps);

    public override int ChannelStep => _shape.Taps;

    public override int PositionStep => _step;

    public override int RowStep => checked(_width.Positions * _step);

    public override bool AreLeft { get; }

    public override bool HavePadding => false;

    public override double Cost
    {
        get
        {
            int still = Correlation.Still;
            double product = AreLeft ? ProductCost(PieceSize, still) : ProductCost(still, PieceSize);
            return Correlation.StillPlane * (product + CopyCost * _channels * _shape.KernelHeight * _fours);
        }
    }

    public override int ImageSize(int rows) => checked(rows * RowStep);

    public override int WorkSize(int rows) => checked(_channels * Plane(rows) + 4 * _fours);

    public override int PieceOffset(int piece) => 0;

    public override (int Piece, int Element) Place(int row, int column) => (0, row * _shape.KernelWidth + column);

    public override void Fill(T* image, int first, int rows, T* windows, T* work)
    {
        CopyPadded(image, first, rows, work);
        T* corner = work + _width.Before + _width.Origin;
        for (int channel = 0; channel < _channels; channel++)
        for (int tap = 0; tap < _shape.KernelHeight; tap++)
        {
            T* from = corner + channel * Plane(rows) + tap * _shape.DilationHeight * _width.Padded;
            CopyKernelRow(from, rows, windows + (channel * _shape.KernelHeight + tap) * _shape.KernelWidth);
        }
    }

    // Elements from what one row of positions reads to what the next does.
    private int RowPitch => _height.Step * _width.Padded;

    private int Plane(int rows) => checked(_height.Extent(rows) * _width.Padded);

    private void CopyPadded(T* image, int first, int rows, T* to)
    {
        new Span<T>(to, WorkSize(rows)).Clear();
        (int top, int begin, int end) = _height.Inside(first, rows);
        for (int channel = 0; channel < _channels; channel++, image += Correlation.MovedPlane, to += Plane(rows))
        for (int row = begin; row < end; row++)
            Line.Copy(image + (long)(top + row) * _width.Source, to + row * _width.Padded + _width.Before, _width.Source);
    }

    // What one row of the kernel meets at each position.
    private void CopyKernelRow(T* from, int rows, T* to)
    {
        if (_shape.DilationWidth == 1 && _fours == 1)
            CopyPieces<Four<T>>(from, rows, to);
        else if (_shape.DilationWidth == 1 && _fours == 2)
            CopyPieces<Eight>(from, rows, to);
        else
            CopyTaps(from, rows, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyPieces<TPiece>(T* from, int rows, T* to)
        where TPiece : unmanaged
    {
        (int positions, int columnStep, int rowStep, int step) = (_width.Positions, _width.Step, RowPitch, _step);
        for (int row = 0; row < rows; row++, from += rowStep)
        for (int column = 0; column < positions; column++, to += step)
            *(TPiece*)to = *(TPiece*)(from + column * columnStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyTaps(T* from, int rows, T* to)
    {
        for (int row = 0; row < rows; row++, from += RowPitch)
        for (int column = 0; column < _width.Positions; column++, to += _step)
            Line.Copy(from + column * _width.Step, _shape.DilationWidth, to, 1, _shape.KernelWidth);
    }

    [InlineArray(8)]
    private struct Eight
    {
        private T _first;
    }
}
