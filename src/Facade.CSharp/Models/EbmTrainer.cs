namespace Functional;

/// <summary>Trains and loads energy-based models.</summary>
public sealed class EbmTrainer : Trainer<EbmOptions, EbmModel>
{
    internal EbmTrainer() { }

    /// <inheritdoc/>
    public override string Name => EbmKind.KindName;

    /// <inheritdoc/>
    public override EbmModel Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return ModelFile.Load<Core.Ebm, EbmModel>(path, new EbmOptions(), options => new EbmKind((EbmOptions)options));
    }

    private protected override ITraining<EbmModel> Begin(DataRows data, EbmOptions options, IProgress<TrainingProgress>? progress)
    {
        EbmOptions settled = EbmKind.Settle(options, data);
        return new TrainingSession<Core.EbmTraining<Core.Ebm>, EbmModel>(new EbmKind(settled), settled, data, progress);
    }
}
