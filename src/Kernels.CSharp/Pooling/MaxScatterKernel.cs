using System.Numerics;

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

    private protected override void Plane<T>(in PoolShape shape, T* x, T* values, T* output, long plane)
    {
        values += plane * shape.OutPlane;
        output += plane * shape.InPlane;
        new Span<T>(output, checked((int)shape.InPlane)).Clear();
        int inWidth = shape.Width.Length;
        int windows = shape.Width.Windows;
        bool quads = MaxQuads<T>.Suit(shape);
        for (int row = 0; row < shape.Height.Windows; row++)
        {
            T* line = values + (long)row * windows;
            if (quads)
                MaxQuads<T>.Place(x + 2L * row * inWidth, line, output + 2L * row * inWidth, inWidth, windows);
            else
                AddRow(shape, x, line, output, row);
        }
    }

    private static void AddRow<T>(in PoolShape shape, T* x, T* line, T* output, int row)
        where T : unmanaged, INumber<T>
    {
        for (int column = 0; column < shape.Width.Windows; column++)
        {
            long place = MaxWindow.Find(x, shape, row, column);
            if (place >= 0)
                output[place] += line[column];
        }
    }
}
