using System.Numerics.Tensors;

namespace Functional;

/// <summary>Weights as pictures of what units look for.</summary>
internal static class FeatureMaps
{
    /// <summary>
    /// A picture of each row of weights, from 0 for its least weight to 1 for its greatest. Weights of two axes are pictures of the shape of a
    /// row of data, others have a shape of their own.
    /// </summary>
    public static DataRows Of(Core.Tensor weights, IReadOnlyList<int> rowShape)
    {
        int[] shape = weights.Rank == 2 ? [.. rowShape] : weights.Shape[1..];
        float[] maps = weights.ToFloat32s();
        int size = maps.Length / weights.Shape[0];
        for (int start = 0; start < maps.Length; start += size)
            Stretch(maps.AsSpan(start, size));
        return DataRows.Wrap("feature maps", maps, shape);
    }

    private static void Stretch(Span<float> map)
    {
        float least = TensorPrimitives.Min(map);
        float range = TensorPrimitives.Max(map) - least;
        TensorPrimitives.Subtract(map, least, map);
        if (range > 0)
            TensorPrimitives.Divide(map, range, map);
    }
}
