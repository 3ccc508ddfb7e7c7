namespace Functional;

/// <summary>What stands for the units in the learning rule of a Boltzmann machine.</summary>
public enum RbmUpdate
{
    /// <summary>States, 0 or 1, at both ends of the chain.</summary>
    Sampled,

    /// <summary>Probabilities of the hidden units: the same on average, with less noise.</summary>
    MeanField,
}

/// <summary>How to train a restricted Boltzmann machine.</summary>
public sealed record RbmOptions : DescentOptions
{
    /// <summary>Options with their usual values: descent with momentum.</summary>
    public RbmOptions() => Optimizer = Optimizers.Momentum(0.01, 0.9);

    /// <summary>Hidden units; 1 or more.</summary>
    [Option(Least = 1)]
    public int Hidden { get; init; } = 500;

    /// <summary>Turns of the chain at each step, 1 or more: k of CD-k and PCD-k.</summary>
    [Option(Least = 1)]
    public int GibbsSteps { get; init; } = 1;

    /// <summary>
    /// Chains that go on from step to step (persistent contrastive divergence, Tieleman 2008); 0: chains begin at the rows of each batch
    /// (contrastive divergence, Hinton 2002).
    /// </summary>
    [Option(Least = 0)]
    public int PersistentChains { get; init; } = 100;

    /// <summary>What stands for the units in the rule.</summary>
    [Option]
    public RbmUpdate Update { get; init; } = RbmUpdate.MeanField;

    /// <summary>
    /// The share of a batch in the offsets of the centred gradient (Melchior, Fischer &amp; Wiskott 2016), such as 0.01; 0: the gradient
    /// as it is.
    /// </summary>
    [Option(Least = 0, Most = 1)]
    public double Centring { get; init; } = 0.01;

    /// <summary>How often a hidden unit should be on, where <see cref="SparsityCost"/> is more than 0.</summary>
    [Option(Least = 0.001, Most = 0.999)]
    public double SparsityTarget { get; init; } = 0.1;

    /// <summary>The price on hidden units that are on too often or too seldom (Lee, Ekanadham &amp; Ng 2008); 0: there is none.</summary>
    [Option(Least = 0)]
    public double SparsityCost { get; init; }

    /// <summary>What a visible unit is: 0 or 1 with a probability, for data in 0 to 1, or normal with a deviation.</summary>
    [Option]
    public Likelihood Units { get; init; } = Likelihood.Bernoulli;

    /// <summary>How grey levels become black or white before they are learnt; likelihoods of different ways can not be compared.</summary>
    [Option]
    public Binarisation Binarise { get; init; } = Binarisation.None;

    /// <summary>The deviation of the normal weights before training; more than 0.</summary>
    [Option(Least = 0, IsAbove = true)]
    public double WeightDeviation { get; init; } = 0.01;

    /// <summary>Epochs from one look at the likelihood to the next; 0: never. It is exact where a layer has at most 20 units, and annealed
    /// from both sides elsewhere.</summary>
    [Option(Least = 0)]
    public int LikelihoodEvery { get; init; }

    /// <summary>Chains of annealed importance sampling, on each side; 2 or more.</summary>
    [Option(Least = 2)]
    public int AisChains { get; init; } = 100;

    /// <summary>Its steps of the inverse temperature; 1 or more. The more, the smaller the gap between the sides.</summary>
    [Option(Least = 1)]
    public int AisTemperatures { get; init; } = 3000;

    internal Core.AisOptions ToAis() => new(AisChains, AisTemperatures, Core.Ais.defaults.BurnIn);
}
