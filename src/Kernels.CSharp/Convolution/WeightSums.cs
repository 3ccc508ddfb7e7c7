using System.Numerics;

namespace Functional.Kernels;

/// <summary>
/// The sums of one group of a weight gradient as a product leaves them, in whole vectors and quads: a row for each still
/// channel and a column for each element of the windows; or, where windows are the left operand, the other way round.
/// </summary>
internal sealed unsafe class WeightSums<TLanes, T, V>
    where TLanes : ILanes<T, V>
    where T : unmanaged, INumber<T>
    where V : unmanaged
{
    /// <summary>Rows that a part has.</summary>
    private const int PartRows = 4;

    private readonly Windows<TLanes, T, V> _windows;
    private readonly Correlation _correlation;
    private readonly ConvShape _shape;

    public WeightSums(Windows<TLanes, T, V> windows)
    {
        (_windows, _correlation, _shape) = (windows, windows.Correlation, windows.Correlation.Shape);
        PiecePitch = RoundUp(windows.PieceSize, Lanes);
        Rows = RoundUp(windows.AreLeft ? windows.PieceSize : _correlation.Still, 4);
        Pitch = windows.AreLeft ? RoundUp(_correlation.Still, Lanes) : checked(windows.Pieces * PiecePitch);
    }

    public int Rows { get; }

    /// <summary>Elements from one row to the next.</summary>
    public int Pitch { get; }

    /// <summary>Elements from one piece of the windows to the next.</summary>
    public int PiecePitch { get; }

    /// <summary>Elements from one still channel to the next.</summary>
    public long ChannelStep => _windows.AreLeft ? 1 : Pitch;

    /// <summary>Elements of all rows.</summary>
    public long Size => (long)Rows * Pitch;

    /// <summary>Parts that may be finished one by one.</summary>
    public int Parts => RoundUp(Rows, PartRows) / PartRows;

    private static int Lanes => BlockProduct<TLanes, T, V>.Lanes;

    /// <summary>Adds up one part of all runs, in order, and puts it where its weights lie.</summary>
    /// <param name="sums">the sums of the first run; overwritten.</param>
    /// <param name="runStep">elements from one run to the next.</param>
    /// <param name="runs">how many runs.</param>
    /// <param name="part">which part.</param>
    /// <param name="weights">the weights of the group.</param>
    public void Finish(T* sums, long runStep, int runs, int part, T* weights)
    {
        int row = part * PartRows;
        int end = Math.Min(Rows, row + PartRows);
        T* sum = sums + (long)row * Pitch;
        for (int run = 1; run < runs; run++)
            Add(sum, sum + run * runStep, (end - row) * Pitch);
        for (; row < end; row++, sum += Pitch)
        {
            if (_windows.AreLeft)
                PutElement(sum, row, weights);
            else
                PutChannel(sum, row, weights);
        }
    }

    private static void Add(T* sum, T* terms, int count)
    {
        for (int i = 0; i < count; i += Lanes)
            TLanes.Store(sum + i, TLanes.Add(TLanes.Load(sum + i), TLanes.Load(terms + i)));
    }

    // The sums of one element of the windows.
    private void PutElement(T* sum, int element, T* weights)
    {
        (int channel, int tap) = Math.DivRem(element, _shape.Taps);
        if (channel >= _correlation.Moved)
            return;
        (int row, int column) = Math.DivRem(tap, _shape.KernelWidth);
        T* to = weights + (long)channel * _correlation.MovedStep + _correlation.Weight(row, column);
        Line.Copy(sum, 1, to, _correlation.StillStep, _correlation.Still);
    }

    // The sums of one still channel.
    private void PutChannel(T* sum, int channel, T* weights)
    {
        if (channel >= _correlation.Still)
            return;
        T* to = weights + (long)channel * _correlation.StillStep;
        if (_windows.ChannelStep == 1 && _windows.PieceSize == PiecePitch)
            PutNeighbours(sum, to);
        else
            PutTaps(sum, to);
    }

    // Where pieces fill whole vectors, taps follow each other, in the order of the weights or the opposite one.
    private void PutNeighbours(T* sum, T* to)
    {
        int moved = _correlation.Moved;
        (int first, int step) = _correlation.Exchanged ? (_shape.Taps - 1, -moved) : (0, moved);
        Channels.Deal(sum + first * moved, step, _shape.Taps, 1, moved, to, _correlation.MovedStep, 0);
    }

    private void PutTaps(T* sum, T* to)
    {
        for (int row = 0; row < _shape.KernelHeight; row++)
        for (int column = 0; column < _shape.KernelWidth; column++)
        {
            (int piece, int element) = _windows.Place(row, column);
            T* from = sum + piece * PiecePitch + element;
            Line.Copy(from, _windows.ChannelStep, to + _correlation.Weight(row, column), _correlation.MovedStep, _correlation.Moved);
        }
    }

    private static int RoundUp(int value, int unit) => checked(value + unit - 1) / unit * unit;
}
