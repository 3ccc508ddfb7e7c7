using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels;

/// <summary>
/// Where the pixels of images lie when the images of a chunk are side by side, one in each element of a vector: pixel p of
/// channel c of every image is one vector, number <c>c · channelStep + place(p)</c>.
/// </summary>
internal sealed unsafe class LaneMap<TLanes, T, V>
    where TLanes : ILanes<T, V>
    where T : unmanaged
    where V : unmanaged
{
    /// <summary>Images of more bytes together than a second-level cache holds are asked for ahead of time.</summary>
    private const long FarBytes = 1 << 20;

    private const int SquaresAhead = 4;

    private readonly int _channels;
    private readonly int _width;
    private readonly int _plane;
    private readonly int _channelStep;
    private readonly int _unit;
    private readonly int[] _places;

    /// <summary>Maps images of <c>channels</c> x <c>height</c> x <c>width</c> pixels.</summary>
    /// <param name="channels">channels that are copied.</param>
    /// <param name="isWhole">whether all rows are copied at once; the rows of all channels are then one stretch of memory.</param>
    /// <param name="channelStep">vectors from one channel to the next.</param>
    /// <param name="place">the vector of a pixel (row, column) in channel 0, or −1 where it is not wanted.</param>
    public LaneMap(int channels, int height, int width, bool isWhole, int channelStep, Func<int, int, int> place)
    {
        (_channels, _width, _plane, _channelStep) = (channels, width, height * width, channelStep);
        _unit = isWhole ? channels : 1;
        _places =
        [
            .. from channel in Enumerable.Range(0, _unit)
            from row in Enumerable.Range(0, height)
            from column in Enumerable.Range(0, width)
            let found = place(row, column)
            select found < 0 ? -1 : channel * channelStep + found,
        ];
    }

    /// <summary>The most images of a chunk.</summary>
    public static int Lanes => LaneSquare<TLanes, T, V>.Side;

    /// <summary>Copies rows of images into lanes. Lanes without an image get the last one's.</summary>
    /// <param name="images">the first channel of the first image.</param>
    /// <param name="imageStride">elements from one image to the next.</param>
    /// <param name="count">images, at least 1.</param>
    /// <param name="first">the first row.</param>
    /// <param name="rows">how many rows.</param>
    /// <param name="shift">what is added to every vector's number.</param>
    /// <param name="lanes">vector 0.</param>
    public void ToLanes(T* images, long imageStride, int count, int first, int rows, int shift, T* lanes)
    {
        T** from = stackalloc T*[Lanes];
        for (int channel = 0; channel < _channels; channel += _unit)
        {
            Rows(images + (long)channel * _plane, imageStride, count, from);
            bool isFar = Sse.IsSupported && count * imageStride * sizeof(T) > FarBytes;
            T* to = lanes + (long)(channel * _channelStep + shift) * Lanes;
            int start = first * _width;
            Stretch(from, to, start, start + Length(rows), isFar);
        }
    }

    /// <summary>Copies rows of images out of lanes. What lanes without an image hold is the last image once more.</summary>
    /// <inheritdoc cref="ToLanes"/>
    public void FromLanes(T* images, long imageStride, int count, int first, int rows, int shift, T* lanes)
    {
        T** to = stackalloc T*[Lanes];
        for (int channel = 0; channel < _channels; channel += _unit)
        {
            Rows(images + (long)channel * _plane, imageStride, count, to);
            T* from = lanes + (long)(channel * _channelStep + shift) * Lanes;
            int start = first * _width;
            StretchBack(from, to, start, start + Length(rows));
        }
    }

    private int Length(int rows) => (_unit - 1) * _plane + rows * _width;

    private static void Rows(T* images, long imageStride, int count, T** rows)
    {
        for (int i = 0; i < Lanes; i++)
            rows[i] = images + Math.Min(i, count - 1) * imageStride;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Stretch(T** from, T* lanes, int pixel, int end, bool isFar)
    {
        T** to = stackalloc T*[Lanes];
        T* nowhere = stackalloc T[Lanes];
        if (end - pixel < Lanes)
        {
            for (; pixel < end; pixel++)
            for (int i = 0; i < Lanes && _places[pixel] >= 0; i++)
                lanes[(long)_places[pixel] * Lanes + i] = from[i][pixel];
            return;
        }

        // The last square may overlap the one before.
        for (int next = pixel; next < end; next += Lanes)
        {
            int start = Math.Min(next, end - Lanes);
            for (int j = 0; j < Lanes; j++)
            {
                int place = _places[start + j];
                to[j] = place < 0 ? nowhere : lanes + (long)place * Lanes;
            }

            for (int i = 0; isFar && i < Lanes; i++)
                Sse.Prefetch1(from[i] + start + SquaresAhead * Lanes);
            LaneSquare<TLanes, T, V>.Transpose(from, start, to, 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StretchBack(T* lanes, T** to, int pixel, int end)
    {
        T** from = stackalloc T*[Lanes];
        if (end - pixel < Lanes)
        {
            for (; pixel < end; pixel++)
            for (int i = 0; i < Lanes; i++)
                to[i][pixel] = lanes[(long)_places[pixel] * Lanes + i];
            return;
        }

        for (int next = pixel; next < end; next += Lanes)
        {
            int start = Math.Min(next, end - Lanes);
            for (int j = 0; j < Lanes; j++)
                from[j] = lanes + (long)_places[start + j] * Lanes;
            LaneSquare<TLanes, T, V>.Transpose(from, 0, to, start);
        }
    }
}
