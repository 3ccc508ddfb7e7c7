namespace Functional;

/// <summary>
/// How likely rows are under a restricted Boltzmann machine: log p(v) = −F(v) − log Z, as a mean over rows in nats. The partition
/// function Z is exact, or annealed from both sides: then the likelihood lies in a bracket.
/// </summary>
public sealed record RowLikelihood
{
    private readonly Core.LogPartition _partition;
    private readonly double _freeEnergy;

    internal RowLikelihood(Core.LogPartition partition, double freeEnergy)
    {
        _partition = partition;
        _freeEnergy = freeEnergy;
        if (partition is Core.LogPartition.Bracketed { Item: Core.AisBracket bracket })
            (Forward, Reverse) = (new PartitionEstimate(bracket.Forward), new PartitionEstimate(bracket.Reverse));
    }

    /// <summary>Whether Z is exact.</summary>
    public bool IsExact => Forward is null;

    /// <summary>log Z, or the middle of its bracket.</summary>
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

    /// <summary>log Z from the base machine to the model, too small on average; null when exact.</summary>
    public PartitionEstimate? Forward { get; }

    /// <summary>log Z from samples of the model to the base machine, too large on average; null when exact.</summary>
    public PartitionEstimate? Reverse { get; }
}
