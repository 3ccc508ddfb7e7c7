namespace Functional;

/// <summary>Trains and loads variational autoencoders with options of one type.</summary>
/// <typeparam name="TOptions">The options.</typeparam>
public abstract class VariationalTrainer<TOptions> : Trainer<TOptions, VaeModel>
    where TOptions : VariationalOptions, new()
{
    private protected VariationalTrainer() { }

    /// <inheritdoc/>
    public override VaeModel Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return ModelFile.Load(path, new TOptions(), options => KindOf((TOptions)options));
    }

    private protected abstract VaeKind KindOf(TOptions options);

    private protected override ITraining<VaeModel> Begin(DataRows data, TOptions options, IProgress<TrainingProgress>? progress) =>
        new TrainingSession<Core.Vae, VaeModel>(KindOf(options), options, data, progress);
}
