namespace Functional;

/// <summary>How to train a variational autoencoder.</summary>
public sealed record VaeOptions : DescentOptions
{
    /// <summary>Units of the encoder's hidden layers, 1 or more each; the decoder has them in reverse.</summary>
    [Option(Least = 1)]
    public IReadOnlyList<int> Hidden { get; init; } = [400, 200];

    /// <summary>Numbers in a code; 1 or more.</summary>
    [Option(Least = 1)]
    public int LatentSize { get; init; } = 8;

    /// <summary>The nonlinearity of the hidden layers.</summary>
    [Option]
    public Activation Activation { get; init; } = Activation.Elu;

    /// <summary>What the decoder says about a number of the data. Bernoulli takes data in 0 to 1.</summary>
    [Option]
    public Likelihood Likelihood { get; init; } = Likelihood.Bernoulli;

    /// <summary>The weight of the Kullback-Leibler term, 0 or more: 1 is the bound on the evidence; Higgins et al. 2017 for others.</summary>
    [Option(Least = 0)]
    public double Beta { get; init; } = 1;
}
