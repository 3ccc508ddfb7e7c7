namespace Functional;

/// <summary>Computes and loads principal components (Pearson 1901, Hotelling 1933).</summary>
public sealed class PcaTrainer : Trainer<PcaOptions, PcaModel>
{
    internal PcaTrainer() { }

    /// <inheritdoc/>
    public override string Name => PcaKind.KindName;

    /// <inheritdoc/>
    public override PcaModel Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return ModelFile.Load(path, new PcaOptions(), options => new PcaKind((PcaOptions)options));
    }

    private protected override ITraining<PcaModel> Begin(DataRows data, PcaOptions options, IProgress<TrainingProgress>? progress) =>
        new TrainingSession<Core.Pca, PcaModel>(new PcaKind(options), options, data, progress);
}
