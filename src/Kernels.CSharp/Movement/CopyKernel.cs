namespace Functional.Kernels;

/// <summary>Copies a strided view into a strided region: permutes, flips, slices, broadcasts and sub-blocks.</summary>
/// <remarks>
/// Element (i, j, …) of the view lies at <c>input + i · inputStrides[0] + j · inputStrides[1] + …</c> and goes to the
/// place that <c>outputStrides</c> give. Views and regions must not overlap.
/// </remarks>
public sealed class CopyKernel : MoveKernel
{
    /// <summary>Plans a copy into a region.</summary>
    /// <param name="type">what is copied.</param>
    /// <param name="input">the view's element (0, 0, …).</param>
    /// <param name="inputStrides">elements; 0 broadcasts, negative flips.</param>
    /// <param name="output">the region's element (0, 0, …).</param>
    /// <param name="outputStrides">elements, greater than 0, no two places the same.</param>
    /// <param name="shape">of the view and of the region; any axis may be 0.</param>
    /// <exception cref="ArgumentException">The numbers of strides and axes differ.</exception>
    public CopyKernel(ElementType type, Operand input, long[] inputStrides, Operand output, long[] outputStrides, int[] shape)
        : base(Move.Copy(type, input, inputStrides, output, outputStrides, shape)) { }

    /// <summary>Plans a copy into a contiguous tensor of the given shape.</summary>
    public CopyKernel(ElementType type, Operand input, long[] inputStrides, Operand output, int[] shape)
        : this(type, input, inputStrides, output, Layout.RowMajor(shape), shape) { }
}
