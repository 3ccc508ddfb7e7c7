namespace Functional;

/// <summary>Something that happens along a training. Made by <see cref="Callbacks"/>.</summary>
public abstract class Callback
{
    private protected Callback() { }

    /// <summary>Before the first step; the state may be replaced by a saved one.</summary>
    internal virtual void OnStart(ITrainingSession session) { }

    /// <summary>After an epoch.</summary>
    internal virtual void OnEpoch(ITrainingSession session, EpochMetrics epoch, bool isBest) { }

    /// <summary>When training stops before its last epoch, between two steps.</summary>
    internal virtual void OnStop(ITrainingSession session) { }

    /// <summary>The last file that training can go on from, or null.</summary>
    internal virtual string? LastCheckpoint => null;
}

/// <summary>The callbacks there are.</summary>
public static class Callbacks
{
    /// <summary>
    /// Keeps a run folder: the options, the numbers of each epoch, pictures, the model, and a checkpoint at every epoch's end, from which
    /// training goes on after any interruption with the same bits.
    /// </summary>
    /// <param name="folder">A folder that holds no run yet; it is made when missing.</param>
    public static Callback Checkpoint(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return new CheckpointCallback(new RunPaths(folder), isResumed: false);
    }
}
