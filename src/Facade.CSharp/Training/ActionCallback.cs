namespace Functional;

/// <summary>A function of the caller's, called after each epoch.</summary>
internal sealed class ActionCallback(Action<TrainingRun, EpochMetrics> onEpoch) : Callback
{
    internal override string Name => "Callbacks.OnEpoch";

    protected internal override void OnEpoch(TrainingRun run, EpochMetrics epoch) => onEpoch(run, epoch);
}
