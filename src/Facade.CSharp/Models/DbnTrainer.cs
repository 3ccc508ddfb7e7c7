namespace Functional;

/// <summary>Trains and loads deep belief nets (Hinton, Osindero &amp; Teh 2006).</summary>
public sealed class DbnTrainer : Trainer<DbnOptions, DbnModel>
{
    internal DbnTrainer() { }

    /// <inheritdoc/>
    public override string Name => DbnKind.KindName;

    /// <inheritdoc/>
    public override DbnModel Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return ModelFile.Load<Core.Dbn, DbnModel>(path, new DbnOptions(), options => new DbnKind((DbnOptions)options));
    }

    private protected override ITraining<DbnModel> Begin(DataRows data, DbnOptions options, IProgress<TrainingProgress>? progress)
    {
        DbnOptions settled = DbnKind.Settle(options, data);
        return new TrainingSession<Core.DbnTraining, DbnModel>(new DbnKind(settled), settled, data, progress);
    }
}
