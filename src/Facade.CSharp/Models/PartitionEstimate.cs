namespace Functional;

/// <summary>
/// An estimate of log Z, the partition function of a Boltzmann machine, by annealed importance sampling; where Z is exact, without errors and
/// with no end of effective samples.
/// </summary>
public sealed record PartitionEstimate
{
    internal PartitionEstimate(Core.AisEstimate estimate) =>
        (LogZ, StandardError, Low, High, EffectiveSamples) = (
            estimate.LogZ,
            estimate.StandardError,
            estimate.Low,
            estimate.High,
            estimate.EffectiveSamples
        );

    internal PartitionEstimate(double exact) =>
        (LogZ, StandardError, Low, High, EffectiveSamples) = (exact, 0, exact, exact, double.PositiveInfinity);

    /// <summary>The logarithm of the estimated Z, in nats.</summary>
    public double LogZ { get; }

    /// <summary>Its standard error, from the spread of the weights; too small where few of them carry the estimate.</summary>
    public double StandardError { get; }

    /// <summary>log Z with the mean weight three standard errors off, towards less; −∞ where the errors allow it.</summary>
    public double Low { get; }

    /// <summary>The same towards more; ∞ where the errors allow it.</summary>
    public double High { get; }

    /// <summary>How many weights carry the estimate: 1 to the number of chains.</summary>
    public double EffectiveSamples { get; }
}
