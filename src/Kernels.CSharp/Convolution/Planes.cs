using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>
/// A layout in which every convolution is a product that reads one address per sum element. The image is copied with its
/// padding and dealt out by stride: each remainder of row and column modulo the stride gets a plane. Then the positions
/// of a block, counted along the plane, and any fixed tap lie one after the other: column j of the product reads
/// <c>offset(tap) + j</c>. Columns between the last position of a row and the next row are computed too, and dropped.
/// </summary>
/// <param name="Height">the rows.</param>
/// <param name="Width">the columns.</param>
/// <param name="Channels">channels of an image.</param>
/// <param name="Rows">rows of positions of an image in a block.</param>
internal sealed record Planes(Axis Height, Axis Width, int Channels, int Rows)
{
    /// <summary>Bytes of planes that leave room for the rest in a second-level cache.</summary>
    private const int TargetBytes = 1 << 18;

    /// <summary>Elements from one row of a plane to the next.</summary>
    public int Pitch => Width.Positions + Width.Reach;

    /// <summary>How many blocks cover all rows of positions of an image.</summary>
    public int RowBlocks => (Height.Positions + Rows - 1) / Rows;

    /// <summary>Elements of all planes; reading ahead by up to a vector needs <paramref name="lanes"/> more.</summary>
    public int Size(int lanes) => checked(Channels * ChannelSize + lanes);

    /// <summary>Rows of a plane that a block of positions reads.</summary>
    public int ImageRows => Rows + Height.Reach;

    /// <summary>Elements from one channel to the next.</summary>
    public int ChannelSize => checked(Height.Step * Width.Step * PlaneSize);

    private int PlaneSize => checked(ImageRows * Pitch);

    /// <summary>Chooses how many rows of positions make a block, nearly the same number in each.</summary>
    /// <param name="maxColumns">the most columns of a block, gaps included, unless a single row has more.</param>
    /// <param name="elementBytes">bytes of an element.</param>
    public static Planes Plan(Axis height, Axis width, int channels, int maxColumns, int elementBytes)
    {
        long pitch = Math.Max(1, width.Positions + width.Reach);
        long rowBytes = Math.Max(1, (long)channels * height.Step * width.Step * pitch * elementBytes);
        long fitting = Math.Max(1, Math.Min(maxColumns / pitch, TargetBytes / rowBytes - height.Reach));
        long blocks = Math.Max(1, (height.Positions + fitting - 1) / fitting);
        long rows = Math.Max(1, (height.Positions + blocks - 1) / blocks);
        return new Planes(height, width, channels, (int)rows);
    }

    /// <summary>Columns from the first position of a block to its last.</summary>
    public int Columns(int rows, int positions) => rows == 0 || positions == 0 ? 0 : (rows - 1) * Pitch + positions;

    /// <summary>Where the value that a tap of a channel contributes to column 0 lies.</summary>
    public int Offset(int channel, int rowTap, int columnTap)
    {
        (int down, int rowRest) = Math.DivRem(rowTap, Height.Step);
        (int right, int columnRest) = Math.DivRem(columnTap, Width.Step);
        return Plane(channel, rowRest, columnRest) + down * Pitch + right;
    }

    /// <summary>Where a pixel of the source lies in channel 0 for the block that begins at row 0, or −1 where nobody reads it.</summary>
    public int Place(int row, int column)
    {
        (int down, int rowRest) = Math.DivRem(row - Height.Origin, Height.Step);
        (int right, int columnRest) = Math.DivRem(column - Width.Origin, Width.Step);
        bool isRead = row >= Height.Origin && column >= Width.Origin && right < Pitch && (RowBlocks > 1 || down < ImageRows);
        return isRead ? Plane(0, rowRest, columnRest) + down * Pitch + right : -1;
    }

    /// <summary>Where the values of one filter's weights lie, in the order of the weights.</summary>
    public IEnumerable<int> FilterOffsets(ConvShape shape) =>
        from channel in Enumerable.Range(0, Channels)
        from row in Enumerable.Range(0, shape.KernelHeight)
        from column in Enumerable.Range(0, shape.KernelWidth)
        select Offset(channel, row * shape.DilationHeight, column * shape.DilationWidth);

    /// <summary>Fills the planes for a block.</summary>
    /// <param name="image">channels of Height.Source x Width.Source elements.</param>
    /// <param name="first">the first row of positions.</param>
    /// <param name="planes">room for <see cref="Size"/> elements.</param>
    /// <param name="lanes">elements of a vector.</param>
    public unsafe void Fill<T>(T* image, int first, T* planes, int lanes)
        where T : unmanaged
    {
        new Span<T>(planes, Size(lanes)).Clear();
        for (int rowRest = 0; rowRest < Height.Step; rowRest++)
        for (int columnRest = 0; columnRest < Width.Step; columnRest++)
        {
            int top = Height.Origin + first * Height.Step + rowRest;
            Inside down = Inside.Of(Height.Source, Height.Step, top, ImageRows);
            Inside right = Inside.Of(Width.Source, Width.Step, Width.Origin + columnRest, Pitch);
            for (int channel = 0; channel < Channels; channel++)
            {
                T* source = image + (long)channel * Height.Source * Width.Source + Width.Origin + columnRest;
                CopyRows(source + (long)top * Width.Source, planes + Plane(channel, rowRest, columnRest), down, right);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void CopyRows<T>(T* source, T* target, Inside down, Inside right)
        where T : unmanaged
    {
        (int step, int pitch) = (Width.Step, Pitch);
        nint sourceStep = (nint)Height.Step * Width.Source;
        source += down.Begin * sourceStep + right.Begin * step;
        target += down.Begin * pitch + right.Begin;
        for (int row = down.Begin; row < down.End; row++)
        {
            if (step == 1)
                Line.Copy(source, target, right.Length);
            else
                Line.Copy(source, step, target, 1, right.Length);
            source += sourceStep;
            target += pitch;
        }
    }

    private int Plane(int channel, int rowRest, int columnRest) =>
        ((channel * Height.Step + rowRest) * Width.Step + columnRest) * PlaneSize;

    /// <summary>The places i of a line for which <c>origin + i · step</c> lies in the source.</summary>
    private readonly record struct Inside(int Begin, int End)
    {
        public int Length => End - Begin;

        public static Inside Of(int source, int step, int origin, int places)
        {
            int begin = origin >= 0 ? 0 : Math.Min(places, (-origin + step - 1) / step);
            int end = origin >= source ? 0 : Math.Min(places, (source - origin + step - 1) / step);
            return new Inside(begin, Math.Max(begin, end));
        }
    }
}
