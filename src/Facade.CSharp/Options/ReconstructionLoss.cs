namespace Functional;

/// <summary>What an autoencoder minimises.</summary>
public enum ReconstructionLoss
{
    /// <summary>The mean over a row of (x − x̂)².</summary>
    MeanSquared,

    /// <summary>−log p(x) in nats a row, of numbers in 0 to 1 that are Bernoulli. Rows come back as the sigmoid of the last layer.</summary>
    CrossEntropy,
}
