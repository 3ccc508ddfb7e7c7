namespace Functional.Kernels;

/// <summary>Surrounds a contiguous tensor with a constant: output[i + low] = input[i], everywhere else the value.</summary>
public sealed class PadKernel : MoveKernel
{
    /// <summary>Plans the padding.</summary>
    /// <param name="type">what is moved.</param>
    /// <param name="input">contiguous, of shape <paramref name="shape"/>.</param>
    /// <param name="output">contiguous; axis i has low[i] + shape[i] + high[i] elements.</param>
    /// <param name="shape">of the input; any axis may be 0.</param>
    /// <param name="low">elements put before each axis, 0 or more.</param>
    /// <param name="high">elements put after each axis, 0 or more.</param>
    /// <param name="value">what is put there.</param>
    /// <exception cref="ArgumentException">The numbers of paddings and axes differ, or a padding is negative.</exception>
    public PadKernel(ElementType type, Operand input, Operand output, int[] shape, int[] low, int[] high, double value)
        : base(Plan(type, input, output, shape, low, high, value)) { }

    private static Move[] Plan(ElementType type, Operand input, Operand output, int[] shape, int[] low, int[] high, double value)
    {
        if (low.Length != shape.Length || high.Length != shape.Length)
            throw new ArgumentException($"Padding {shape.Length} axes needs as many widths, not {low.Length} low and {high.Length} high.");
        if (low.Concat(high).Any(width => width < 0))
            throw new ArgumentException("Padding widths must be 0 or more; a slice takes elements away.");

        int[] padded = [.. shape.Select((length, axis) => low[axis] + length + high[axis])];
        long[] strides = Layout.RowMajor(padded);
        Operand At(IEnumerable<int> corner) =>
            output with
            {
                ByteOffset =
                    output.ByteOffset + corner.Zip(strides, (position, stride) => position * stride).Sum() * Layout.ElementSize(type),
            };

        var moves = new List<Move> { Move.Copy(type, input, Layout.RowMajor(shape), At(low), strides, shape) };
        // The border as slabs that do not overlap: outer axes keep to the interior, inner axes run over everything.
        int[] corner = new int[shape.Length];
        int[] slab = [.. padded];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            slab[axis] = low[axis];
            moves.Add(Move.Fill(type, value, At(corner), strides, [.. slab]));
            corner[axis] = low[axis] + shape[axis];
            slab[axis] = high[axis];
            moves.Add(Move.Fill(type, value, At(corner), strides, [.. slab]));
            corner[axis] = low[axis];
            slab[axis] = shape[axis];
        }

        return [.. moves];
    }
}
