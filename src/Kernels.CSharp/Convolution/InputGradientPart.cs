namespace Functional.Kernels;

/// <summary>What one product of an input gradient computes: the places of dx with certain remainders modulo the stride.</summary>
internal sealed class InputGradientPart
{
    /// <summary>With fewer channels than a quad has rows, places share a product.</summary>
    private const int FewChannels = 4;

    private InputGradientPart(ConvShape shape, Planes planes, (RemainderAxis Down, RemainderAxis Right)[] places)
    {
        Places = places;
        Rows = places.Max(place => place.Down.Positions);
        Columns = places.Max(place => place.Right.Positions);
        (int Down, int Right)[] shifts =
        [
            .. (from place in places from p in place.Down.Taps from q in place.Right.Taps select (p.Shift, q.Shift))
                .Distinct()
                .Order(),
        ];
        KernelPlaces =
        [
            .. from shift in shifts
            from place in places
            let row = place.Down.KernelAt(shift.Down)
            let column = place.Right.KernelAt(shift.Right)
            select row < 0 || column < 0 ? -1 : row * shape.KernelWidth + column,
        ];
        Offsets = new OffsetTable(
            from channel in Enumerable.Range(0, shape.GroupOutChannels)
            from shift in shifts
            select planes.Offset(channel, shift.Down - planes.Height.Origin, shift.Right - planes.Width.Origin)
        );
        Height = (places.Length * shape.GroupInChannels + 3) / 4 * 4;
    }

    /// <summary>The places, in the order of the product's rows.</summary>
    public (RemainderAxis Down, RemainderAxis Right)[] Places { get; }

    /// <summary>The most rows of any place.</summary>
    public int Rows { get; }

    /// <summary>The most columns of any place.</summary>
    public int Columns { get; }

    /// <summary>For each tap and place the place in the kernel, row by row, or −1 where the place does not see the tap.</summary>
    public int[] KernelPlaces { get; }

    /// <summary>Where dy lies for each channel and tap.</summary>
    public OffsetTable Offsets { get; }

    /// <summary>Rows of the product, a place's channels one after the other, in whole quads.</summary>
    public int Height { get; }

    /// <summary>Elements of the arranged weights of one group.</summary>
    public long Weights => (long)Offsets.Length * Height;

    /// <summary>The parts that together make dx.</summary>
    public static InputGradientPart[] Split(ConvShape shape, Planes planes, RemainderAxis[] down, RemainderAxis[] right)
    {
        (RemainderAxis, RemainderAxis)[] places = [.. from row in down from column in right select (row, column)];
        return shape.GroupInChannels < FewChannels
            ? [new InputGradientPart(shape, planes, places)]
            : [.. places.Select(place => new InputGradientPart(shape, planes, [place]))];
    }

    /// <summary>
    /// Arranges the weights of one channel of dy: for each part a matrix with a row for each sum element (channel, tap) and a
    /// column for each (place, channel of dx). What fills up the last quad of columns may be anything.
    /// </summary>
    public static unsafe void Arrange<T>(InputGradientPart[] parts, long groupWeights, ConvShape shape, T* w, T* arranged, int channel)
        where T : unmanaged
    {
        (int group, int inGroup) = Math.DivRem(channel, shape.GroupOutChannels);
        T* filter = w + (long)channel * shape.FilterSize;
        T* start = arranged + group * groupWeights;
        foreach (InputGradientPart part in parts)
        {
            T* row = start + inGroup * (part.Weights / shape.GroupOutChannels);
            for (int tap = 0; tap < part.KernelPlaces.Length; row += part.Height)
            {
                T* to = row;
                for (int place = 0; place < part.Places.Length; place++)
                {
                    int at = part.KernelPlaces[tap++];
                    for (int c = 0; c < shape.GroupInChannels; c++)
                        *to++ = at < 0 ? default : filter[c * shape.Taps + at];
                }
            }

            start += part.Weights;
        }
    }
}
