namespace Functional;

/// <summary>Trains and loads classifiers of one kind.</summary>
/// <typeparam name="TOptions">Its options.</typeparam>
public abstract class ClassifierTrainer<TOptions> : Trainer<TOptions, Network>
    where TOptions : ClassifierOptions, new()
{
    private protected ClassifierTrainer() { }

    /// <inheritdoc/>
    public override Network Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return ModelFile.Load(path, new TOptions(), options => new ClassifierKind(Name, (ClassifierOptions)options));
    }

    private protected override ITraining<Network> Begin(DataRows data, TOptions options, IProgress<TrainingProgress>? progress)
    {
        ClassifierOptions settled = ClassifierKind.Settle(options, data);
        return new TrainingSession<Core.Classifier, Network>(new ClassifierKind(Name, settled), settled, data, progress);
    }
}
