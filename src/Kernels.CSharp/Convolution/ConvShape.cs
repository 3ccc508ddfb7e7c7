namespace Functional.Kernels;

/// <summary>
/// A two-dimensional convolution as deep learning defines it (a cross-correlation): images x of shape
/// Batch x InChannels x InHeight x InWidth, weights w of shape OutChannels x InChannels/Groups x KernelHeight x KernelWidth,
/// result y of shape Batch x OutChannels x OutHeight x OutWidth, all row-major:
/// <c>y[n,o,i,j] = Σ_{c,p,q} w[o,c,p,q] · x[n,c, i·stride + p·dilation − pad, j·stride + q·dilation − pad]</c>,
/// where x is zero outside the image. Output channel o sees the input channels of its group alone.
/// </summary>
public sealed record ConvShape(
    ElementType Type,
    int Batch,
    int InChannels,
    int InHeight,
    int InWidth,
    int OutChannels,
    int KernelHeight,
    int KernelWidth
)
{
    public int StrideHeight { get; init; } = 1;

    public int StrideWidth { get; init; } = 1;

    /// <summary>Rows of zeros above the image.</summary>
    public int PadTop { get; init; }

    /// <summary>Columns of zeros left of the image.</summary>
    public int PadLeft { get; init; }

    /// <summary>Rows of zeros below the image.</summary>
    public int PadBottom { get; init; }

    /// <summary>Columns of zeros right of the image.</summary>
    public int PadRight { get; init; }

    /// <summary>Rows of the image from one row of the kernel to the next.</summary>
    public int DilationHeight { get; init; } = 1;

    /// <summary>Columns of the image from one column of the kernel to the next.</summary>
    public int DilationWidth { get; init; } = 1;

    /// <summary>How many parts the channels fall into; divides both numbers of channels.</summary>
    public int Groups { get; init; } = 1;

    /// <summary><c>⌊(InHeight + PadTop + PadBottom − dilation · (KernelHeight − 1) − 1) / stride⌋ + 1</c>, at least 0.</summary>
    public int OutHeight => Outputs(InHeight + PadTop + PadBottom, KernelHeight, StrideHeight, DilationHeight);

    /// <summary><c>⌊(InWidth + PadLeft + PadRight − dilation · (KernelWidth − 1) − 1) / stride⌋ + 1</c>, at least 0.</summary>
    public int OutWidth => Outputs(InWidth + PadLeft + PadRight, KernelWidth, StrideWidth, DilationWidth);

    internal int GroupInChannels => InChannels / Groups;

    internal int GroupOutChannels => OutChannels / Groups;

    /// <summary>Places of the kernel, row by row.</summary>
    internal int Taps => KernelHeight * KernelWidth;

    /// <summary>Weights of one output channel: the length of the forward sums.</summary>
    internal int FilterSize => GroupInChannels * Taps;

    internal long InPlane => (long)InHeight * InWidth;

    internal long OutPlane => (long)OutHeight * OutWidth;

    /// <exception cref="ArgumentException">sizes that no convolution has.</exception>
    internal void Validate()
    {
        if (KernelHeight < 1 || KernelWidth < 1 || StrideHeight < 1 || StrideWidth < 1 || DilationHeight < 1 || DilationWidth < 1)
            throw new ArgumentException(
                $"Kernel ({KernelHeight} x {KernelWidth}), stride ({StrideHeight} x {StrideWidth}) and dilation "
                    + $"({DilationHeight} x {DilationWidth}) of a convolution are at least 1."
            );
        if (Batch < 0 || InChannels < 0 || InHeight < 0 || InWidth < 0 || OutChannels < 0)
            throw new ArgumentException($"A convolution has no negative sizes: {this}.");
        if (PadTop < 0 || PadLeft < 0 || PadBottom < 0 || PadRight < 0)
            throw new ArgumentException($"A convolution pads by 0 or more: {this}.");
        if (Groups < 1 || InChannels % Groups != 0 || OutChannels % Groups != 0)
            throw new ArgumentException($"{Groups} groups do not divide {InChannels} input and {OutChannels} output channels.");
    }

    private static int Outputs(int padded, int kernel, int stride, int dilation)
    {
        int span = dilation * (kernel - 1) + 1;
        return padded < span ? 0 : (padded - span) / stride + 1;
    }
}
