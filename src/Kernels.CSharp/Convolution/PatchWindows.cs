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

    public PatchWindows(Correlation correlation, bool left)
        : base(correlation)
    {
        (_shape, _height, _width, _channels) = (correlation.Shape, correlation.Height, correlation.Width, correlation.Moved);
        _fours = (_shape.KernelWidth + 3) / 4;
        AreLeft = left;
    }

    public override int Pieces => 1;

    public override int PieceSize => checked(_channels * _shape.Taps);

    public override int ChannelStep => _shape.Taps;

    // A row of the kernel is copied in fours: what is too much is overwritten by the next row; after the last there is room.
    public override int PositionStep => RoundUp(PieceSize + 4 * _fours - _shape.KernelWidth, 4);

    public override int RowStep => checked(_width.Positions * PositionStep);

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
        for (int row = 0; row < rows; row++)
        {
            T* to = windows + row * RowStep;
            for (int channel = 0; channel < _channels; channel++)
            {
                T* from = corner + channel * Plane(rows) + row * _height.Step * _width.Padded;
                for (int tap = 0; tap < _shape.KernelHeight; tap++)
                {
                    CopyKernelRow(from, to);
                    from += _shape.DilationHeight * _width.Padded;
                    to += _shape.KernelWidth;
                }
            }
        }
    }

    private int Plane(int rows) => checked(_height.Extent(rows) * _width.Padded);

    private void CopyPadded(T* image, int first, int rows, T* to)
    {
        new Span<T>(to, WorkSize(rows)).Clear();
        (int top, int begin, int end) = _height.Inside(first, rows);
        for (int channel = 0; channel < _channels; channel++, image += Correlation.MovedPlane, to += Plane(rows))
        for (int row = begin; row < end; row++)
            Line.Copy(image + (long)(top + row) * _width.Source, to + row * _width.Padded + _width.Before, _width.Source);
    }

    // What one row of the kernel meets at each position of a row.
    private void CopyKernelRow(T* from, T* to)
    {
        if (_shape.DilationWidth > 1)
        {
            for (int i = 0; i < _width.Positions; i++)
                Line.Copy(from + i * _width.Step, _shape.DilationWidth, to + i * PositionStep, 1, _shape.KernelWidth);
        }
        else if (_fours == 1)
            CopyPieces<Four<T>>(from, to);
        else if (_fours == 2)
            CopyPieces<Eight>(from, to);
        else
        {
            for (int four = 0; four < _fours; four++)
                CopyPieces<Four<T>>(from + 4 * four, to + 4 * four);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyPieces<TPiece>(T* from, T* to)
        where TPiece : unmanaged
    {
        (int positions, int fromStep, int toStep) = (_width.Positions, _width.Step, PositionStep);
        for (int i = 0; i < positions; i++)
        {
            *(TPiece*)to = *(TPiece*)from;
            from += fromStep;
            to += toStep;
        }
    }

    [InlineArray(8)]
    private struct Eight
    {
        private T _first;
    }
}
