namespace Functional;

/// <summary>Trains and loads restricted Boltzmann machines.</summary>
public sealed class RbmTrainer : Trainer<RbmOptions, RbmModel>
{
    internal RbmTrainer() { }

    /// <inheritdoc/>
    public override string Name => RbmKind.KindName;

    /// <inheritdoc/>
    public override RbmModel Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return ModelFile.Load<Core.Rbm, RbmModel>(path, new RbmOptions(), options => new RbmKind((RbmOptions)options));
    }

    private protected override ITraining<RbmModel> Begin(DataRows data, RbmOptions options, IProgress<TrainingProgress>? progress) =>
        new TrainingSession<Core.RbmTraining, RbmModel>(new RbmKind(options), options, data, progress);
}
