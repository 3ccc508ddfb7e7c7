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

    /// <summary>The taps of a window that lie on the input: First, First + dilation, … before End.</summary>
    internal (int First, int End) Taps(int window)
    {
        int start = window * Stride - PadLow;
        int skipped = start < 0 ? (Dilation - 1 - start) / Dilation : 0;
        return (start + skipped * Dilation, Math.Min(Length, start + Extent));
    }
}
