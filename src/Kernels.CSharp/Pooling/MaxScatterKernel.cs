using System.Numerics;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>
/// Adds values up where windows have their maxima: x [planes, height, width] and values [planes, windows down, windows across]
/// → [planes, height, width]. The transpose of <see cref="MaxPickKernel"/>, so the gradient of max pooling.
/// </summary>
/// <remarks>Where windows overlap, their values are added in the row-major order of the windows.</remarks>
public sealed unsafe class MaxScatterKernel : MaxPoolKernel
{
    /// <summary>Plans the sums.</summary>
    /// <param name="type">of all three tensors.</param>
    /// <param name="shape">of images and windows.</param>
    /// <param name="x">contiguous; decides.</param>
    /// <param name="values">contiguous, one element for each window.</param>
    /// <param name="output">contiguous, of the shape of x, overwritten, apart from the inputs.</param>
    public MaxScatterKernel(ElementType type, PoolShape shape, Operand x, Operand values, Operand output)
        : base(type, shape, x, values, output) { }

    private protected override void Plane<T>(in PoolShape shape, MaxSearch search, MaxQuads? quads, T* x, T* values, T* output, long plane)
    {
        values += plane * shape.OutPlane;
        output += plane * shape.InPlane;
        int windows = shape.Width.Windows;
        bool isCovered = quads != null && 4 * shape.OutPlane == shape.InPlane;
        if (!isCovered)
            new Span<T>(output, checked((int)shape.InPlane)).Clear();
        if (quads != null)
            quads.Place((byte*)x, (byte*)values, (byte*)output);
        else
            for (int row = 0; row < shape.Height.Windows; row++)
                AddRow(search, x, values + (long)row * windows, output, row, windows);
    }

    private static void AddRow<T>(MaxSearch search, T* x, T* line, T* output, int row, int windows)
        where T : unmanaged, INumber<T>
    {
        long* places = stackalloc long[MaxSearch.MostLanes];
        for (int column = 0; column < windows; column += Vector128<T>.Count)
        {
            search.Find(x, row, column, places);
            int count = Math.Min(Vector128<T>.Count, windows - column);
            for (int lane = 0; lane < count; lane++)
                output[places[lane]] += line[column + lane];
        }
    }
}
