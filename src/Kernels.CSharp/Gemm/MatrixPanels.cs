namespace Functional.Kernels;

/// <summary>A left matrix whose rows are stored: each sum runs along memory.</summary>
internal readonly unsafe struct LeftRows<TLanes, T, V>(T* matrix, nint stride) : ILeft<T>
    where TLanes : ILanes<T, V>
    where T : unmanaged
    where V : unmanaged
{
    public Panel<T> Read(int row, int rows, int k, int depth, T* buffer)
    {
        for (int r = 0; r < rows; r += 4)
            Packing<TLanes, T, V>.Quad(matrix + (row + r) * stride + k, stride, Math.Min(4, rows - r), depth, buffer + r * depth, 4);
        return Panel<T>.OfQuads(buffer, depth);
    }
}

/// <summary>A left matrix stored transposed: the rows of a quad are neighbours already, so whole quads are read in place.</summary>
internal readonly unsafe struct LeftColumns<TLanes, T, V>(T* matrix, nint stride) : ILeft<T>
    where TLanes : ILanes<T, V>
    where T : unmanaged
    where V : unmanaged
{
    public Panel<T> Read(int row, int rows, int k, int depth, T* buffer)
    {
        T* corner = matrix + k * stride + row;
        if (rows % 4 == 0)
            return new Panel<T>
            {
                Start = corner,
                Step = stride,
                QuadStep = 4,
            };
        for (int r = 0; r < rows; r += 4)
            Packing<TLanes, T, V>.Rows(corner + r, stride, Math.Min(4, rows - r), depth, buffer + r * depth, 4);
        return Panel<T>.OfQuads(buffer, depth);
    }
}

/// <summary>A right matrix whose rows are stored; strips of whole vectors are read in place when few rows of the result use them.</summary>
internal readonly unsafe struct RightRows<TLanes, T, V>(T* matrix, nint stride, bool inPlace) : IRight<T>
    where TLanes : ILanes<T, V>
    where T : unmanaged
    where V : unmanaged
{
    public Panel<T> Read(int column, int columns, int width, int k, int depth, T* buffer)
    {
        T* corner = matrix + k * stride + column;
        if (inPlace && columns % (sizeof(V) / sizeof(T)) == 0)
            return new Panel<T> { Start = corner, Step = stride };
        Packing<TLanes, T, V>.Rows(corner, stride, columns, depth, buffer, width);
        return new Panel<T> { Start = buffer, Step = width };
    }
}

/// <summary>A right matrix stored transposed: each sum runs along memory.</summary>
internal readonly unsafe struct RightColumns<TLanes, T, V>(T* matrix, nint stride) : IRight<T>
    where TLanes : ILanes<T, V>
    where T : unmanaged
    where V : unmanaged
{
    public Panel<T> Read(int column, int columns, int width, int k, int depth, T* buffer)
    {
        int c = 0;
        for (; sizeof(V) / sizeof(T) == 16 && c + 16 <= columns; c += 16)
            Packing<TLanes, T, V>.FourQuads(matrix + (column + c) * stride + k, stride, depth, buffer + c, width);
        for (; c < columns; c += 4)
        {
            T* corner = matrix + (column + c) * stride + k;
            Packing<TLanes, T, V>.Quad(corner, stride, Math.Min(4, columns - c), depth, buffer + c, width);
        }

        return new Panel<T> { Start = buffer, Step = width };
    }
}
