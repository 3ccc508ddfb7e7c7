namespace Functional;

/// <summary>
/// Something that happens along a training. Those there are come from <see cref="Callbacks"/>; derive from this for one of your own, and
/// override the hooks it needs. An exception in a hook ends the training as <see cref="CallbackException"/>, and the last checkpoint
/// stays as it was.
/// </summary>
/// <remarks>
/// What a callback remembers between epochs belongs into <see cref="SaveState"/>: it is part of each checkpoint, and a resumed run gives
/// it back. States find their callback by its type, in the order of the list.
/// </remarks>
public abstract class Callback
{
    /// <summary>Before the first step; when a run is resumed, after <see cref="RestoreState"/>.</summary>
    protected internal virtual void OnStart(TrainingRun run) { }

    /// <summary>After a step.</summary>
    protected internal virtual void OnStep(TrainingRun run) { }

    /// <summary>After an epoch, with its numbers.</summary>
    protected internal virtual void OnEpoch(TrainingRun run, EpochMetrics epoch) { }

    /// <summary>When training is interrupted or diverges, between two steps: it may be resumed.</summary>
    protected internal virtual void OnStop(TrainingRun run) { }

    /// <summary>When training is complete, by its last epoch or by <see cref="TrainingRun.Stop"/>.</summary>
    protected internal virtual void OnEnd(TrainingRun run) { }

    /// <summary>What the callback needs to go on after a resume, as text; "" for nothing.</summary>
    protected internal virtual string SaveState() => "";

    /// <summary>Goes on from what <see cref="SaveState"/> gave.</summary>
    protected internal virtual void RestoreState(string state) { }

    /// <summary>The callback in messages.</summary>
    internal virtual string Name => GetType().Name;

    /// <summary>The callback in checkpoints.</summary>
    internal virtual string Identity => GetType().FullName ?? Name;

    /// <summary>Whether it is of this library: its faults are told as they are.</summary>
    internal virtual bool IsOurs => false;

    /// <summary>The numbers that it looks at: refused before the first step when epochs do not report them.</summary>
    internal virtual IEnumerable<string> Watched => [];

    /// <summary>The last file that training can go on from, or null.</summary>
    internal virtual string? LastCheckpoint => null;

    /// <summary>Goes on with a run, before anything starts.</summary>
    internal virtual void Resume(TrainingRun run) { }
}
