namespace Functional.Kernels.Tile;

/// <summary>
/// How an input is read over the iteration space: element i of the space, in row-major order of <see cref="Shape"/>, is the buffer's
/// element <see cref="Offset"/> + Σ index·stride, counted from <see cref="Source"/>. Strides are in elements, 0 where an axis is
/// broadcast, negative where it is flipped. Axes are merged where that changes nothing, so the view is simpler than its arguments.
/// </summary>
public sealed class TileView
{
    /// <summary>A view of any strides.</summary>
    /// <exception cref="ArgumentException">shape and strides differ in length, or an extent is negative.</exception>
    public TileView(ElementType type, Operand source, ReadOnlySpan<int> shape, ReadOnlySpan<int> strides, long offset = 0)
    {
        if (shape.Length != strides.Length)
            throw new ArgumentException($"tile view: {shape.Length} extents but {strides.Length} strides");
        Type = type;
        Source = source;
        Offset = offset;
        Count = 1;
        var extents = new List<long>();
        var steps = new List<long>();
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (shape[axis] < 0)
                throw new ArgumentException($"tile view: axis {axis} has extent {shape[axis]}");
            Count *= shape[axis];
            Append(extents, steps, shape[axis], strides[axis]);
        }
        Shape = extents.Count > 0 ? [.. extents] : [1];
        Strides = extents.Count > 0 ? [.. steps] : [1];
    }

    /// <summary>Elements one after the other.</summary>
    public static TileView Contiguous(ElementType type, Operand source, int count) => new(type, source, [count], [1]);

    /// <summary>One element, read everywhere.</summary>
    public static TileView Scalar(ElementType type, Operand source, int count) => new(type, source, [count], [0]);

    /// <summary>The two int32 words of a key.</summary>
    public static TileView Key(Operand source) => Contiguous(ElementType.Int32, source, 2);

    /// <summary>The type of the buffer's elements.</summary>
    public ElementType Type { get; }

    /// <summary>Where element 0 lies.</summary>
    public Operand Source { get; }

    /// <summary>Extents after merging; a single element has one axis.</summary>
    public long[] Shape { get; }

    /// <summary>Elements from one index of an axis to the next, after merging.</summary>
    public long[] Strides { get; }

    /// <summary>The buffer's element that the first index reads.</summary>
    public long Offset { get; }

    /// <summary>Elements of the iteration space.</summary>
    public long Count { get; }

    internal bool IsContiguous => Shape.Length == 1 && Strides[0] == 1;
    internal bool IsScalar => Shape.Length == 1 && Strides[0] == 0;

    /// <summary>Bytes from the buffer's start to the first element that the view reads, and past the last.</summary>
    internal (long First, long End) ByteRange
    {
        get
        {
            long low = Offset,
                high = Offset;
            for (int axis = 0; axis < Shape.Length; axis++)
            {
                long reach = Math.Max(Shape[axis] - 1, 0) * Strides[axis];
                low += Math.Min(reach, 0);
                high += Math.Max(reach, 0);
            }
            int size = Type.Size();
            long end = Count > 0 ? high + 1 : low;
            return (Source.ByteOffset + low * size, Source.ByteOffset + end * size);
        }
    }

    private static void Append(List<long> extents, List<long> steps, int extent, int stride)
    {
        if (extent == 1)
            return;
        if (steps.Count > 0 && steps[^1] == (long)stride * extent)
        {
            extents[^1] *= extent;
            steps[^1] = stride;
            return;
        }
        extents.Add(extent);
        steps.Add(stride);
    }
}

/// <summary>Where an output goes: contiguous elements of a buffer, each written once.</summary>
/// <param name="Type">the type of the elements.</param>
/// <param name="Target">the first element.</param>
public readonly record struct TileOutput(ElementType Type, Operand Target);
