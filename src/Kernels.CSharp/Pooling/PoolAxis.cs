namespace Functional.Kernels;

/// <summary>How windows slide along one axis of an image.</summary>
public readonly record struct PoolAxis
{
    /// <summary>Describes an axis.</summary>
    /// <param name="length">elements of the input, 0 or more.</param>
    /// <param name="window">taps of a window, 1 or more.</param>
    /// <param name="stride">elements from one window to the next, 1 or more.</param>
    /// <param name="padLow">elements of padding before the input, 0 or more.</param>
    /// <param name="padHigh">elements of padding behind it, 0 or more.</param>
    /// <param name="dilation">elements from one tap to the next, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than it may be.</exception>
    /// <exception cref="ArgumentException">A window would lie in padding alone and have no maximum.</exception>
    public PoolAxis(int length, int window, int stride, int padLow = 0, int padHigh = 0, int dilation = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(padLow);
        ArgumentOutOfRangeException.ThrowIfNegative(padHigh);
        ArgumentOutOfRangeException.ThrowIfLessThan(dilation, 1);
        (Length, Window, Stride, PadLow, PadHigh, Dilation) = (length, window, stride, padLow, padHigh, dilation);
        int slack = length + padLow + padHigh - Extent;
        Windows = slack < 0 ? 0 : slack / stride + 1;
        for (int i = 0; i < Windows; i++)
        {
            (int first, int last) = TapsOnInput(i);
            if (first > last)
                throw new ArgumentException($"Window {i} would lie in padding alone: it covers none of the {length} elements.");
        }
    }

    /// <summary>Elements of the input.</summary>
    public int Length { get; }

    /// <summary>Taps of a window.</summary>
    public int Window { get; }

    /// <summary>Elements from one window to the next.</summary>
    public int Stride { get; }

    /// <summary>Elements of padding before the input.</summary>
    public int PadLow { get; }

    /// <summary>Elements of padding behind the input.</summary>
    public int PadHigh { get; }

    /// <summary>Elements from one tap to the next.</summary>
    public int Dilation { get; }

    /// <summary>How many windows fit: ⌊(length + padLow + padHigh − dilation · (window − 1) − 1) / stride⌋ + 1, or none.</summary>
    public int Windows { get; }

    /// <summary>Elements from a window's first tap to its last, both included.</summary>
    private int Extent => Dilation * (Window - 1) + 1;

    /// <summary>Whether windows are neighbouring pairs, with no padding.</summary>
    internal bool IsPairs => this is { Window: 2, Stride: 2, PadLow: 0, PadHigh: 0, Dilation: 1 };

    /// <summary>
    /// Where taps lie on the input: entry [tap · pitch + window]. A tap in padding stands for the window's nearest tap on
    /// the input, which leaves the maximum and its first place as they are; windows beyond the last repeat it.
    /// </summary>
    internal int[] TapTable(int pitch)
    {
        var table = new int[Window * pitch];
        for (int window = 0; window < pitch && Windows > 0; window++)
        {
            (int first, int last) = TapsOnInput(Math.Min(window, Windows - 1));
            for (int tap = 0; tap < Window; tap++)
                table[tap * pitch + window] = Place(Math.Min(window, Windows - 1), Math.Clamp(tap, first, last));
        }

        return table;
    }

    /// <summary>The first and the last tap of a window that lie on the input; first > last when none does.</summary>
    private (int First, int Last) TapsOnInput(int window)
    {
        int first = 0;
        int last = Window - 1;
        while (first <= last && Place(window, first) < 0)
            first++;
        while (first <= last && Place(window, last) >= Length)
            last--;
        return (first, last);
    }

    private int Place(int window, int tap) => window * Stride - PadLow + tap * Dilation;
}
