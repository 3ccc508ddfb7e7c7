namespace Functional;

/// <summary>
/// How likely rows are under a restricted Boltzmann machine: log p(v) = −F(v) − log Z, as a mean over rows in nats. The partition
/// function Z is exact, or annealed from both sides: then the likelihood lies in a bracket.
/// </summary>
public sealed record RowLikelihood
{
    /// <summary>What separates good recipes of one size from one another; a wider gap hides it.</summary>
    private const double WideGap = 2;

    private readonly Core.LogPartition _partition;
    private readonly double _freeEnergy;

    internal RowLikelihood(Core.LogPartition partition, double freeEnergy)
    {
        _partition = partition;
        _freeEnergy = freeEnergy;
        (Forward, Reverse) = partition is Core.LogPartition.Bracketed { Item: Core.AisBracket bracket }
            ? (new PartitionEstimate(bracket.Forward), new PartitionEstimate(bracket.Reverse))
            : (new PartitionEstimate(partition.Middle), new PartitionEstimate(partition.Middle));
    }

    /// <summary>Whether Z is exact.</summary>
    public bool IsExact => _partition.IsExact;

    /// <summary>log Z, or the middle of its bracket; the lower end where the upper one lies below it, which can not be trusted then.</summary>
    public double LogPartition => _partition.Middle;

    /// <summary>The mean of log p(v), or the middle of its bracket.</summary>
    public double LogLikelihood => -_freeEnergy - LogPartition;

    /// <summary>The mean of log p(v) by the reverse estimate: too small on average.</summary>
    public double Least => -_freeEnergy - _partition.High;

    /// <summary>The mean of log p(v) by the forward estimate: too large on average.</summary>
    public double Most => -_freeEnergy - _partition.Low;

    /// <summary>
    /// How far the estimates from both sides are apart, reverse less forward; 0 when exact. Wide: more temperatures are needed. Clearly
    /// negative: the chains of the way back were no samples of the model.
    /// </summary>
    public double Gap => _partition.High - _partition.Low;

    /// <summary>log Z from the base machine to the model, too small on average.</summary>
    public PartitionEstimate Forward { get; }

    /// <summary>log Z from samples of the model to the base machine, too large on average.</summary>
    public PartitionEstimate Reverse { get; }

    /// <summary>The names of all metrics that a training may report.</summary>
    internal static IReadOnlyList<string> Names { get; } = ["log_partition", "log_likelihood", "ais_gap", "val_log_likelihood"];

    /// <summary>What is reported, by name.</summary>
    internal IReadOnlyList<(string Name, double Value)> Metrics
    {
        get
        {
            IEnumerable<(string, double)> gap = IsExact ? [] : [("ais_gap", Gap)];
            return [("log_partition", LogPartition), ("log_likelihood", LogLikelihood), .. gap];
        }
    }

    /// <summary>What to think of a bracket that can not be trusted; null of one that can.</summary>
    internal string? Warning =>
        Gap switch
        {
            > WideGap =>
                $"likelihood: found {Gap:F1} nats between the estimates from both sides, expected {WideGap} at most; more ais-temperatures bring them together",
            < -WideGap =>
                $"likelihood: found the estimate from above {-Gap:F1} nats below the other, expected it above; the chains that begin at the data miss a part of what the model holds",
            _ => null,
        };
}
