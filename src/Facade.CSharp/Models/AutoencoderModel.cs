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
    public DataRows FeatureMaps() => Functional.FeatureMaps.Of(Core.AutoencoderModule.features(_model), RowShape);

    /// <inheritdoc/>
    public override void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ModelFile.Save(path, this, _model);
    }
}
