namespace Functional;

/// <summary>What each of several units compares the data with.</summary>
public enum OjaRule
{
    /// <summary>What all units reconstruct: together they find the principal subspace, in no order (Oja 1989).</summary>
    Subspace,

    /// <summary>What the units up to itself reconstruct: each finds a principal component, in order (Sanger 1989).</summary>
    Sanger,
}

/// <summary>How to learn principal components. A batch of one row is the sequential rule.</summary>
public sealed record OjaOptions : DescentOptions
{
    /// <summary>Options with their usual values: plain descent, by which a step is the rule itself, at a rate that falls.</summary>
    public OjaOptions()
    {
        BatchSize = 20;
        Optimizer = Optimizers.Sgd(0.05);
        Schedule = Schedules.ExponentialDecay(100, 0.8);
    }

    /// <summary>Units: 1 or more, at most the numbers in a row, and fewer than the rows.</summary>
    [Option(Least = 1)]
    public int Components { get; init; } = 2;

    /// <summary>What each unit compares the data with.</summary>
    [Option]
    public OjaRule Rule { get; init; } = OjaRule.Subspace;

    /// <summary>The nonlinearity F of the codes F(x·W) and of the reconstructions F(y·Wᵀ).</summary>
    [Option]
    public Activation Activation { get; init; } = Activation.Linear;
}
