namespace Functional.Kernels;

/// <summary>How tensors lie in memory.</summary>
internal static class Layout
{
    /// <summary>Bytes of one element.</summary>
    public static int ElementSize(ElementType type) => type == ElementType.Float64 ? 8 : 4;

    /// <summary>The number of elements of a shape.</summary>
    public static long Count(ReadOnlySpan<int> shape)
    {
        long count = 1;
        foreach (int length in shape)
            count *= length;
        return count;
    }

    /// <summary>The strides, in elements, of a contiguous tensor whose last axis varies fastest.</summary>
    public static long[] RowMajor(ReadOnlySpan<int> shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }

        return strides;
    }

    /// <summary>The bits of a number as an element of the given type, in the low bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type is Int32 and the value is none.</exception>
    public static ulong Bits(ElementType type, double value) =>
        type switch
        {
            ElementType.Float32 => BitConverter.SingleToUInt32Bits((float)value),
            ElementType.Float64 => BitConverter.DoubleToUInt64Bits(value),
            ElementType.Int32 when value == (int)value => unchecked((uint)(int)value),
            _ => throw new ArgumentOutOfRangeException(nameof(value), value, $"An element of type {type} can not hold the value {value}."),
        };
}
