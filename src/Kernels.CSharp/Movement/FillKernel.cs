namespace Functional.Kernels;

/// <summary>Writes one value to every place of a strided region or of a contiguous tensor.</summary>
public sealed class FillKernel : MoveKernel
{
    /// <summary>Plans the filling of a region.</summary>
    /// <param name="type">what is written.</param>
    /// <param name="value">rounded to the element type; for Int32 a whole number in its range.</param>
    /// <param name="output">the region's element (0, 0, …).</param>
    /// <param name="outputStrides">elements, greater than 0.</param>
    /// <param name="shape">of the region; any axis may be 0.</param>
    /// <exception cref="ArgumentException">The numbers of strides and axes differ, or the value is no Int32.</exception>
    public FillKernel(ElementType type, double value, Operand output, long[] outputStrides, int[] shape)
        : base(Move.Fill(type, value, output, outputStrides, shape)) { }

    /// <summary>Plans the filling of a contiguous tensor.</summary>
    public FillKernel(ElementType type, double value, Operand output, int[] shape)
        : this(type, value, output, Layout.RowMajor(shape), shape) { }
}
