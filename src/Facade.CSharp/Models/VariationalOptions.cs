namespace Functional;

/// <summary>How to train a variational autoencoder of any networks.</summary>
public abstract record VariationalOptions : DescentOptions
{
    /// <summary>Numbers in a code; 1 or more.</summary>
    [Option(Least = 1)]
    public int LatentSize { get; init; } = 8;

    /// <summary>What the decoder says about a number of the data. Bernoulli takes data in 0 to 1.</summary>
    [Option]
    public Likelihood Likelihood { get; init; } = Likelihood.Bernoulli;

    /// <summary>What the encoder's head for the spread of a code gives.</summary>
    [Option]
    public Parameterisation Parameterisation { get; init; } = Parameterisation.LogVariance;

    /// <summary>The weight of the Kullback-Leibler term, 0 or more: 1 is the bound on the evidence; Higgins et al. 2017 for others.</summary>
    [Option(Least = 0)]
    public double Beta { get; init; } = 1;

    /// <summary>A factor on <see cref="Beta"/> that changes with the steps: <c>warmup:STEPS</c> lets it grow from 0 (Bowman et al. 2016).</summary>
    [Option]
    public Schedule BetaSchedule { get; init; } = Schedules.Constant;

    /// <summary>
    /// Codes drawn for each row and step, 1 or more. With more than one the loss is the importance-weighted bound
    /// (Burda, Grosse &amp; Salakhutdinov 2016).
    /// </summary>
    [Option(Least = 1)]
    public int ImportanceSamples { get; init; } = 1;

    /// <summary>How grey levels become black or white before they are learnt; likelihoods of different ways can not be compared.</summary>
    [Option]
    public Binarisation Binarise { get; init; } = Binarisation.None;
}
