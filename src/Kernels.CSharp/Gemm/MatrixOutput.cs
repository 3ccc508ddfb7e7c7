using System.Numerics;

namespace Functional.Kernels;

/// <summary>A row-major result, with the work that follows it.</summary>
/// <param name="matrix">the first element.</param>
/// <param name="stride">elements from one row to the next.</param>
/// <param name="columns">elements in a row.</param>
/// <param name="epilogue">called when elements are final; the default does nothing.</param>
internal readonly unsafe struct MatrixOutput<T>(T* matrix, nint stride, int columns, EpilogueCall epilogue = default)
    where T : unmanaged, INumber<T>
{
    public nint Stride => stride;

    public T* At(int row, int column) => matrix + row * stride + column;

    /// <summary>Writes or adds the part of a tile that lies within the matrix.</summary>
    public void Write(T* tile, int tileStride, Block block, bool add)
    {
        for (int r = 0; r < block.Rows; r++)
        {
            var from = new ReadOnlySpan<T>(tile + r * tileStride, block.Columns);
            var to = new Span<T>(At(block.Row + r, block.Column), block.Columns);
            if (add)
                for (int c = 0; c < to.Length; c++)
                    to[c] += from[c];
            else
                from.CopyTo(to);
        }
    }

    /// <summary>Called when these elements are final, while they are still in cache.</summary>
    public void Finish(Block block)
    {
        if (!epilogue.Wanted)
            return;
        if (block.Columns == columns)
            epilogue.Apply((long)block.Row * columns, block.Rows * columns);
        else
            for (int r = 0; r < block.Rows; r++)
                epilogue.Apply((long)(block.Row + r) * columns + block.Column, block.Columns);
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
