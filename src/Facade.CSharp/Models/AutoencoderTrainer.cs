namespace Functional;

/// <summary>Trains and loads autoencoders.</summary>
public sealed class AutoencoderTrainer : Trainer<AutoencoderOptions, AutoencoderModel>
{
    internal AutoencoderTrainer() { }

    /// <inheritdoc/>
    public override string Name => AutoencoderKind.KindName;

    /// <inheritdoc/>
    public override AutoencoderModel Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return ModelFile.Load(path, new AutoencoderOptions(), options => new AutoencoderKind((AutoencoderOptions)options));
    }

    private protected override ITraining<AutoencoderModel> Begin(
        DataRows data,
        AutoencoderOptions options,
        IProgress<TrainingProgress>? progress
    ) => new TrainingSession<Core.Autoencoder, AutoencoderModel>(new AutoencoderKind(options), options, data, progress);
}
