namespace Functional.Kernels;

/// <summary>
/// The places <c>Remainder + i · stride</c> of one direction of dx: place i sums dy at <c>i + Shift</c> for each of its taps.
/// </summary>
/// <param name="Remainder">0 to stride − 1.</param>
/// <param name="Positions">how many such places there are.</param>
/// <param name="Taps">rows or columns of the kernel that reach these places, each with its shift.</param>
internal sealed record RemainderAxis(int Remainder, int Positions, (int Kernel, int Shift)[] Taps)
{
    /// <summary>The row or column of the kernel with this shift, or −1.</summary>
    public int KernelAt(int shift)
    {
        foreach ((int kernel, int tapShift) in Taps)
            if (tapShift == shift)
                return kernel;
        return -1;
    }

    /// <summary>The remainders of one direction: <c>a = i·stride + p·dilation − pad</c>, solved for i.</summary>
    public static RemainderAxis[] Of(int size, int kernel, int stride, int dilation, int pad) =>
        [
            .. from remainder in Enumerable.Range(0, stride)
            select new RemainderAxis(
                remainder,
                Math.Max(0, (size - remainder + stride - 1) / stride),
                [
                    .. from p in Enumerable.Range(0, kernel)
                    let distance = remainder + pad - p * dilation
                    where distance % stride == 0
                    select (p, distance / stride),
                ]
            ),
        ];

    /// <summary>dy as all remainders together read it.</summary>
    public static Axis Axis(RemainderAxis[] remainders, int source)
    {
        int[] shifts = [.. remainders.SelectMany(axis => axis.Taps).Select(tap => tap.Shift)];
        return new Axis(source, remainders.Max(axis => axis.Positions), Step: 1, shifts.Min(), shifts.Max() - shifts.Min());
    }
}
