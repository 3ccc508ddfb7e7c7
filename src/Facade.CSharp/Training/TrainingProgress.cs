namespace Functional;

/// <summary>Where a training stands, after a step or at the end of an epoch.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Epochs">The epochs asked for.</param>
/// <param name="Batch">Batches of this epoch that are done.</param>
/// <param name="Batches">Batches in an epoch.</param>
/// <param name="Loss">The last batch's loss, or at the end of an epoch its mean.</param>
/// <param name="Seconds">Since this training began or went on.</param>
/// <param name="Completed">The epoch's numbers when it is complete, else null.</param>
public readonly record struct TrainingProgress(
    int Epoch,
    int Epochs,
    int Batch,
    int Batches,
    double Loss,
    double Seconds,
    EpochMetrics? Completed
)
{
    /// <summary>The completed epoch's numbers by name; none between.</summary>
    public IReadOnlyDictionary<string, double> Metrics => Completed?.Values ?? new Dictionary<string, double>();

    /// <summary>What callbacks said since the last report: see <see cref="TrainingRun.Note"/>.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
