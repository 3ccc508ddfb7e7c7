namespace Functional;

/// <summary>A running training as callbacks see it, whatever the model. It is used on the training's own thread, inside of the hooks.</summary>
public abstract class TrainingRun
{
    private protected TrainingRun() { }

    /// <summary>The kind of model, as on the command line: vae.</summary>
    public abstract string Kind { get; }

    /// <summary>What the training was told.</summary>
    public abstract TrainingOptions Options { get; }

    /// <summary>The rows trained on.</summary>
    public abstract DataRows Data { get; }

    /// <summary>Epochs completed.</summary>
    public abstract int Epoch { get; }

    /// <summary>Optimizer steps since the beginning.</summary>
    public abstract int Step { get; }

    /// <summary>Batches of the current epoch that are done.</summary>
    public abstract int Batch { get; }

    /// <summary>Batches in an epoch.</summary>
    public int Batches => (Data.Count + Options.BatchSize - 1) / Options.BatchSize;

    /// <summary>The last step's loss; not a number before the first step.</summary>
    public abstract double Loss { get; }

    /// <summary>The names of the numbers that epochs report, in order; held-out ones start with <c>val_</c>.</summary>
    public abstract IReadOnlyList<string> MetricNames { get; }

    /// <summary>What the completed epochs came to, those before a resume included.</summary>
    public abstract History History { get; }

    /// <summary>The model as it is now; it stays as it is while training goes on.</summary>
    public abstract TrainedModel Model { get; }

    /// <summary>Whether the last completed epoch has the least loss so far, held-out where there are validation rows.</summary>
    public abstract bool IsBest { get; }

    /// <summary>Whether this goes on with a run that was begun before.</summary>
    public abstract bool IsResumed { get; }

    /// <summary>The optimizer's rate before its schedule: more than 0. What is set holds from the next step on, after a resume too.</summary>
    /// <exception cref="ArgumentException">a rate that is not more than 0.</exception>
    public abstract double Rate { get; set; }

    /// <summary>Ends the training after this epoch, for good: a resumed training stays stopped.</summary>
    public abstract void Stop();

    /// <summary>Says something about what was done, to whoever watches the progress.</summary>
    public abstract void Note(string text);

    /// <summary>The parameters by their paths.</summary>
    internal abstract IEnumerable<(string Path, float[] Values)> Parameters { get; }

    /// <summary>Writes the parameters as they are now, and nothing about them.</summary>
    internal abstract void SaveParameters(string path);

    /// <summary>Puts the parameters aside; checkpoints hold them too.</summary>
    internal abstract void Keep();

    /// <summary>Makes what was put aside the model that the training ends with.</summary>
    internal abstract void TakeKept();

    /// <summary>Writes everything that training continues from, the callbacks' states included.</summary>
    internal abstract void SaveState(string path);

    /// <summary>Continues from a file that <see cref="SaveState"/> wrote.</summary>
    internal abstract void RestoreState(string path);

    /// <summary>What the epochs before came to.</summary>
    internal abstract void RestoreHistory(IEnumerable<EpochMetrics> epochs);
}
