namespace Functional;

/// <summary>Trains and loads units of Oja's rule (Oja 1982) and of Sanger's (Sanger 1989).</summary>
public sealed class OjaTrainer : Trainer<OjaOptions, OjaModel>
{
    internal OjaTrainer() { }

    /// <inheritdoc/>
    public override string Name => OjaKind.KindName;

    /// <inheritdoc/>
    public override OjaModel Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return ModelFile.Load(path, new OjaOptions(), options => new OjaKind((OjaOptions)options));
    }

    private protected override ITraining<OjaModel> Begin(DataRows data, OjaOptions options, IProgress<TrainingProgress>? progress) =>
        new TrainingSession<Core.Oja, OjaModel>(new OjaKind(options), options, data, progress);
}
