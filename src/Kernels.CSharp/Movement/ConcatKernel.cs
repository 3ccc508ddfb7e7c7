namespace Functional.Kernels;

/// <summary>Puts contiguous tensors one after another along an axis.</summary>
public sealed class ConcatKernel : MoveKernel
{
    /// <summary>Plans the concatenation.</summary>
    /// <param name="type">what is copied.</param>
    /// <param name="inputs">contiguous tensors, in order.</param>
    /// <param name="shapes">their shapes, equal but for <paramref name="axis"/>.</param>
    /// <param name="axis">0 to the number of axes − 1.</param>
    /// <param name="output">contiguous; its length along <paramref name="axis"/> is the sum of the inputs' lengths.</param>
    /// <exception cref="ArgumentException">There is no input, or shapes do not fit together.</exception>
    public ConcatKernel(ElementType type, Operand[] inputs, int[][] shapes, int axis, Operand output)
        : base(Plan(type, inputs, shapes, axis, output)) { }

    private static Move[] Plan(ElementType type, Operand[] inputs, int[][] shapes, int axis, Operand output)
    {
        if (inputs.Length == 0 || inputs.Length != shapes.Length)
            throw new ArgumentException(
                $"Concatenation needs one shape for each of one or more inputs, not {shapes.Length} for {inputs.Length}."
            );
        foreach (int[] shape in shapes)
            CheckFit(shapes[0], shape, axis);

        int[] whole = [.. shapes[0]];
        whole[axis] = shapes.Sum(shape => shape[axis]);
        long[] strides = Layout.RowMajor(whole);
        var moves = new Move[inputs.Length];
        for (int i = 0; i < moves.Length; i++)
        {
            moves[i] = Move.Copy(type, inputs[i], Layout.RowMajor(shapes[i]), output, strides, shapes[i]);
            output = output with { ByteOffset = output.ByteOffset + shapes[i][axis] * strides[axis] * Layout.ElementSize(type) };
        }

        return moves;
    }

    private static void CheckFit(int[] first, int[] shape, int axis)
    {
        bool fits = shape.Length == first.Length && (uint)axis < (uint)shape.Length;
        for (int i = 0; fits && i < shape.Length; i++)
            fits = i == axis || shape[i] == first[i];
        if (!fits)
            throw new ArgumentException(
                $"Shapes [{string.Join(", ", first)}] and [{string.Join(", ", shape)}] can not be concatenated along axis {axis}."
            );
    }
}
