using System.Numerics;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>
/// Picks values where windows have their maxima: x and values [planes, height, width] → [planes, windows down, windows across].
/// With x as the values this is max pooling; with a tangent of x, its derivative in that direction.
/// </summary>
/// <remarks>The first maximum of a window counts, NaN is larger than every number, padding never wins.</remarks>
public sealed unsafe class MaxPickKernel : MaxPoolKernel
{
    /// <summary>Plans the picking.</summary>
    /// <param name="type">of all three tensors.</param>
    /// <param name="shape">of images and windows.</param>
    /// <param name="x">contiguous; decides.</param>
    /// <param name="values">contiguous, of the shape of x, or x itself; is picked from.</param>
    /// <param name="output">contiguous, apart from the inputs.</param>
    public MaxPickKernel(ElementType type, PoolShape shape, Operand x, Operand values, Operand output)
        : base(type, shape, x, values, output) { }

    private protected override void Plane<T>(in PoolShape shape, MaxSearch search, MaxQuads? quads, T* x, T* values, T* output, long plane)
    {
        values += plane * shape.InPlane;
        output += plane * shape.OutPlane;
        int windows = shape.Width.Windows;
        if (quads != null)
            quads.Pick((byte*)x, (byte*)values, (byte*)output);
        else
            for (int row = 0; row < shape.Height.Windows; row++)
                PickRow(search, x, values, output + (long)row * windows, row, windows);
    }

    private static void PickRow<T>(MaxSearch search, T* x, T* values, T* line, int row, int windows)
        where T : unmanaged, INumber<T>
    {
        long* places = stackalloc long[MaxSearch.MostLanes];
        for (int column = 0; column < windows; column += Vector128<T>.Count)
        {
            search.Find(x, row, column, places);
            int count = Math.Min(Vector128<T>.Count, windows - column);
            for (int lane = 0; lane < count; lane++)
                line[column + lane] = values[places[lane]];
        }
    }
}
