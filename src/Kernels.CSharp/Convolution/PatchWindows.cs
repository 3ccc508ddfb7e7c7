using System.Numerics;
using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>
/// For each position a copy of all that it meets, ordered like the weights: channel, row, column. More to copy than to deal
/// out channels, but where a row of the kernel meets few numbers it fills vectors.
/// </summary>
internal sealed unsafe class PatchWindows<TLanes, T, V> : Windows<TLanes, T, V>
    where TLanes : ILanes<T, V>
    where T : unmanaged, INumber<T>
    where V : unmanaged
{
    private readonly int _left;
    private readonly int _pitch;
    private readonly int _fours;
    private readonly int _step;

    public PatchWindows(Correlation correlation)
        : base(correlation)
    {
        _left = Math.Max(0, -Width.Origin);
        _pitch = _left + Math.Max(Width.Source, Width.Origin + Width.Extent(Width.Positions));
        _fours = (Shape.KernelWidth + 3) / 4;
        // Rows of the kernel are copied in fours: what is too much of one is overwritten by the next, after the last is room.
        _step = RoundUp(PieceSize - Shape.KernelWidth + 4 * _fours, 4);
    }

    public override int Pieces => 1;

    public override int PieceSize => checked(Correlation.Moved * Shape.Taps);

    public override int ChannelStep => Shape.Taps;

    public override double FillCost => 3.0 * Correlation.Moved * Shape.KernelHeight * _fours;

    public override int RowStep => checked(Width.Positions * _step);

    public override int PositionStep => _step;

    public override int ImageSize(int rows) => checked(rows * RowStep);

    public override int WorkSize(int rows) => checked(Correlation.Moved * PlaneSize(rows) + 4);

    public override int PieceOffset(int piece) => 0;

    public override (int Piece, int Element) Place(int row, int column) => (0, row * Shape.KernelWidth + column);

    public override void Fill(T* image, int first, int rows, T* windows, T* work)
    {
        int plane = PlaneSize(rows);
        new Span<T>(work, WorkSize(rows)).Clear();
        for (int channel = 0; channel < Correlation.Moved; channel++)
            CopyPlane(image + (long)channel * Height.Source * Width.Source, first, rows, work + channel * plane);
        T* corner = work + _left + Width.Origin;
        for (int row = 0; row < rows; row++)
        {
            T* to = windows + row * RowStep;
            for (int channel = 0; channel < Correlation.Moved; channel++)
            for (int tap = 0; tap < Shape.KernelHeight; tap++, to += Shape.KernelWidth)
                CopyTaps(corner + channel * plane + (row * Height.Step + tap * Shape.DilationHeight) * _pitch, to);
        }
    }

    private int PlaneSize(int rows) => checked(Height.Extent(rows) * _pitch);

    private void CopyPlane(T* plane, int first, int rows, T* to)
    {
        int top = Height.Origin + first * Height.Step;
        int begin = Math.Max(0, -top);
        int end = Math.Min(Height.Extent(rows), Height.Source - top);
        for (int row = begin; row < end; row++)
            Line.Copy(plane + (long)(top + row) * Width.Source, to + row * _pitch + _left, Width.Source);
    }

    // One row of the kernel, for a row of positions.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyTaps(T* from, T* to)
    {
        (int positions, int step, int fours) = (Width.Positions, Width.Step, _fours);
        if (Shape.DilationWidth > 1)
        {
            for (int i = 0; i < positions; i++)
                Line.Copy(from + i * step, Shape.DilationWidth, to + i * _step, 1, Shape.KernelWidth);
            return;
        }

        for (int i = 0; i < positions; i++, from += step, to += _step)
        for (int four = 0; four < fours; four++)
            ((Four<T>*)to)[four] = ((Four<T>*)from)[four];
    }
}
