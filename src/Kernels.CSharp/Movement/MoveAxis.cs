namespace Functional.Kernels;

/// <summary>One loop of a move: a number of steps, and how far a step goes in the source and in the target.</summary>
/// <param name="Length">steps.</param>
/// <param name="Source">elements; 0 repeats, negative walks backwards.</param>
/// <param name="Target">elements, greater than 0.</param>
internal readonly record struct MoveAxis(long Length, long Source, long Target)
{
    /// <summary>
    /// The fewest loops that visit the same pairs of elements, the one with the smallest target stride last: axes of
    /// one step vanish, and neighbours that are one walk in the source and in the target become one axis.
    /// </summary>
    public static List<MoveAxis> Collapse(ReadOnlySpan<int> shape, ReadOnlySpan<long> source, ReadOnlySpan<long> target)
    {
        if (source.Length != shape.Length || target.Length != shape.Length)
            throw new ArgumentException($"A move over {shape.Length} axes needs as many strides, not {source.Length} and {target.Length}.");
        var axes = new List<MoveAxis>();
        for (int i = 0; i < shape.Length; i++)
        {
            if (shape[i] != 1)
                axes.Add(new MoveAxis(shape[i], source[i], target[i]));
        }

        var collapsed = new List<MoveAxis>();
        foreach (MoveAxis axis in axes.OrderByDescending(axis => axis.Target))
        {
            if (collapsed.Count > 0 && collapsed[^1].Contains(axis))
                collapsed[^1] = axis with { Length = collapsed[^1].Length * axis.Length };
            else
                collapsed.Add(axis);
        }

        return collapsed;
    }

    /// <summary>Whether one step of this axis goes as far as all steps of the inner one.</summary>
    private bool Contains(MoveAxis inner) => Source == inner.Source * inner.Length && Target == inner.Target * inner.Length;
}
