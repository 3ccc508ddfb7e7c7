namespace Functional.Kernels;

/// <summary>
/// A layout in which every convolution is a product that reads one address per sum element. The image is copied with its
/// padding and dealt out by stride: each remainder of row and column modulo the stride gets a plane. Then the positions
/// of a block, counted along the plane, and any fixed tap lie one after the other: column j of the product reads
/// <c>offset(tap) + j</c>. Columns between the last position of a row and the next row are computed too, and dropped.
/// </summary>
/// <param name="Height">the rows.</param>
/// <param name="Width">the columns.</param>
/// <param name="Channels">channels of the image.</param>
/// <param name="Rows">rows of positions in a block.</param>
internal sealed record Planes(Axis Height, Axis Width, int Channels, int Rows)
{
    /// <summary>Bytes of planes that leave room for the rest in a second-level cache.</summary>
    private const int TargetBytes = 1 << 18;

    /// <summary>Elements from one row of a plane to the next.</summary>
    public int Pitch => Width.Positions + Width.Reach;

    /// <summary>How many blocks cover all rows of positions.</summary>
    public int Blocks => (Height.Positions + Rows - 1) / Rows;

    /// <summary>Elements of all planes; reading ahead by up to a vector needs <paramref name="lanes"/> more.</summary>
    public int Size(int lanes) => checked(Channels * Height.Step * Width.Step * PlaneSize + lanes);

    private int PlaneSize => checked((Rows + Height.Reach) * Pitch);

    /// <summary>Chooses how many rows of positions make a block: the same number in each, nearly.</summary>
    /// <param name="maxColumns">the most columns of a block, gaps included, unless a single row has more.</param>
    /// <param name="elementBytes">bytes of an element.</param>
    public static Planes Plan(Axis height, Axis width, int channels, int maxColumns, int elementBytes)
    {
        long pitch = Math.Max(1, width.Positions + width.Reach);
        long rowBytes = Math.Max(1, (long)channels * height.Step * width.Step * pitch * elementBytes);
        long fitting = Math.Min(maxColumns / pitch, TargetBytes / rowBytes - height.Reach);
        long blocks = (height.Positions + Math.Max(1, fitting) - 1) / Math.Max(1, fitting);
        long rows = blocks == 0 ? 1 : (height.Positions + blocks - 1) / blocks;
        return new Planes(height, width, channels, (int)rows);
    }

    /// <summary>Columns from the first position of a block to its last.</summary>
    public int Columns(int rows, int positions) => rows == 0 || positions == 0 ? 0 : (rows - 1) * Pitch + positions;

    /// <summary>Where the value that a tap of a channel contributes to column 0 lies.</summary>
    public int Offset(int channel, int rowTap, int columnTap)
    {
        (int down, int rowRest) = Math.DivRem(rowTap, Height.Step);
        (int right, int columnRest) = Math.DivRem(columnTap, Width.Step);
        int plane = (channel * Height.Step + rowRest) * Width.Step + columnRest;
        return plane * PlaneSize + down * Pitch + right;
    }

    /// <summary>Where the values of one filter's weights lie, in the order of the weights.</summary>
    public IEnumerable<int> FilterOffsets(ConvShape shape)
    {
        for (int channel = 0; channel < Channels; channel++)
        for (int row = 0; row < shape.KernelHeight; row++)
        for (int column = 0; column < shape.KernelWidth; column++)
            yield return Offset(channel, row * shape.DilationHeight, column * shape.DilationWidth);
    }

    /// <summary>Fills the planes for the block whose first row of positions is <paramref name="first"/>.</summary>
    /// <param name="first">the block's first row.</param>
    /// <param name="channels">how many channels there are, <see cref="Channels"/> or fewer.</param>
    /// <param name="image">channels of Height.Source x Width.Source elements.</param>
    /// <param name="planes">room for <see cref="Size"/> elements.</param>
    /// <param name="lanes">elements of a vector.</param>
    public unsafe void Fill<T>(T* image, int first, int channels, T* planes, int lanes)
        where T : unmanaged
    {
        new Span<T>(planes, Size(lanes)).Clear();
        int top = Height.Origin + first * Height.Step;
        for (int channel = 0; channel < channels; channel++)
        {
            T* source = image + (long)channel * Height.Source * Width.Source;
            int rowEnd = Math.Min(Height.Source, top + (Rows + Height.Reach) * Height.Step);
            for (int row = Math.Max(0, top); row < rowEnd; row++)
                FillRow(source + (long)row * Width.Source, planes + Offset(channel, row - top, 0));
        }
    }

    // Source column Origin + i·Step + rest goes to place i of the plane of that rest.
    private unsafe void FillRow<T>(T* source, T* target)
        where T : unmanaged
    {
        for (int rest = 0; rest < Width.Step; rest++, target += PlaneSize)
        {
            int shift = Width.Origin + rest;
            int begin = shift >= 0 ? 0 : (-shift + Width.Step - 1) / Width.Step;
            int end = Math.Min(Pitch, (Width.Source - shift + Width.Step - 1) / Width.Step);
            if (end <= begin)
                continue;
            if (Width.Step == 1)
                new ReadOnlySpan<T>(source + begin + shift, end - begin).CopyTo(new Span<T>(target + begin, end - begin));
            else
                for (int i = begin; i < end; i++)
                    target[i] = source[i * Width.Step + shift];
        }
    }
}
