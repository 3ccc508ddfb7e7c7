namespace Functional;

/// <summary>Trains and loads denoising autoencoders (Vincent, Larochelle, Bengio &amp; Manzagol 2008).</summary>
public sealed class DenoisingTrainer : Trainer<DenoisingOptions, DenoisingModel>
{
    internal DenoisingTrainer() { }

    /// <inheritdoc/>
    public override string Name => DenoisingKind.KindName;

    /// <inheritdoc/>
    public override DenoisingModel Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return ModelFile.Load(path, new DenoisingOptions(), options => new DenoisingKind((DenoisingOptions)options));
    }

    private protected override ITraining<DenoisingModel> Begin(
        DataRows data,
        DenoisingOptions options,
        IProgress<TrainingProgress>? progress
    ) => new TrainingSession<Core.Autoencoder, DenoisingModel>(new DenoisingKind(options), options, data, progress);
}
