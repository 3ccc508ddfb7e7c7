using System.Numerics.Tensors;

namespace Functional;

/// <summary>A trained autoencoder: immutable, and safe to use from many threads.</summary>
public class AutoencoderModel : LatentModel
{
    private readonly Core.Autoencoder _model;

    internal AutoencoderModel(
        string kind,
        Core.Autoencoder model,
        LatentFunctions functions,
        AutoencoderOptions options,
        IReadOnlyList<int> rowShape,
        History history
    )
        : base(kind, functions, Core.AutoencoderModule.codeSize(model), options, rowShape, history) => _model = model;

    /// <summary>What it was trained with.</summary>
    public new AutoencoderOptions Options => (AutoencoderOptions)base.Options;

    /// <summary>
    /// What the first layer looks for: the weights of each unit as a picture of the shape of a row, or each of its filters, from 0 for the
    /// least weight of the picture to 1 for its greatest.
    /// </summary>
    public DataRows FeatureMaps()
    {
        Core.Tensor weights = Core.AutoencoderModule.features(_model);
        int[] shape = weights.Rank == 2 ? [.. RowShape] : weights.Shape[1..];
        float[] maps = weights.ToFloat32s();
        foreach (int start in Enumerable.Range(0, weights.Shape[0]).Select(map => map * (maps.Length / weights.Shape[0])))
            Stretch(maps.AsSpan(start, maps.Length / weights.Shape[0]));
        return DataRows.Wrap("feature maps", maps, shape);
    }

    /// <inheritdoc/>
    public override void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ModelFile.Save(path, this, _model);
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
