namespace Functional.Kernels;

/// <summary>Images with the channels of each position side by side.</summary>
internal static unsafe class Channels
{
    /// <summary>Channels dealt out at a time: they fill the cache lines that are written, and read few enough lines to stay in cache.</summary>
    private const int AtOnce = 16;

    /// <summary>Deals out planes: <c>to[position · step + channel] = planes[channel · plane + position]</c>.</summary>
    /// <param name="planes">the first channel.</param>
    /// <param name="plane">elements from one channel to the next.</param>
    /// <param name="channels">how many channels.</param>
    /// <param name="positions">neighbouring elements of each channel.</param>
    /// <param name="to">where they go.</param>
    /// <param name="step">elements from one position to the next.</param>
    public static void Deal<T>(T* planes, long plane, int channels, int positions, T* to, int step)
        where T : unmanaged
    {
        for (int channel = 0; channel < channels; channel += AtOnce)
        {
            int count = Math.Min(AtOnce, channels - channel);
            Transposition.Copy(planes + channel * plane, plane, to + channel, step, positions, count);
        }
    }
}
