using System.Numerics;

namespace Functional.Kernels;

/// <summary>A row-major result, with the work that follows it.</summary>
internal readonly unsafe struct MatrixOutput<T>(T* matrix, nint stride, int columns, EpilogueCall epilogue) : IOutput<T>
    where T : unmanaged, INumber<T>
{
    public bool Place(int row, int column, out T* corner, out nint step)
    {
        corner = matrix + row * stride + column;
        step = stride;
        return true;
    }

    public void Write(T* tile, nint tileStride, int row, int rows, int column, int width, bool add)
    {
        for (int r = 0; r < rows; r++)
        {
            var from = new ReadOnlySpan<T>(tile + r * tileStride, width);
            var to = new Span<T>(matrix + (row + r) * stride + column, width);
            if (!add)
                from.CopyTo(to);
            else
                for (int c = 0; c < width; c++)
                    to[c] += from[c];
        }
    }

    public void Finish(int row, int rows, int column, int width)
    {
        if (!epilogue.Wanted)
            return;
        if (width == columns)
            epilogue.Apply((long)row * columns, rows * columns);
        else
            for (int r = 0; r < rows; r++)
                epilogue.Apply((long)(row + r) * columns + column, width);
    }
}

/// <summary>An epilogue with what it is called with.</summary>
/// <param name="epilogue">none when the result needs no further work.</param>
/// <param name="origin">linear index of the first element of this result within the whole batch.</param>
internal readonly unsafe struct EpilogueCall(Epilogue? epilogue, RunContext context, int worker, byte* scratch, long origin)
{
    public bool Wanted => epilogue != null;

    public void Apply(long start, int length) => epilogue!.Apply(context, worker, scratch, origin + start, length);
}
