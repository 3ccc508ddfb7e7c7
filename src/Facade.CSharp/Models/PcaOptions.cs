namespace Functional;

/// <summary>How principal components are computed.</summary>
public enum PcaMethod
{
    /// <summary>
    /// <see cref="Svd"/> for at most 20,000 numbers, <see cref="Covariance"/> where rows or their numbers are at most 4,096, and
    /// <see cref="Randomized"/> beyond.
    /// </summary>
    Automatic,

    /// <summary>By the singular vectors of the rows.</summary>
    Svd,

    /// <summary>By the eigenvectors of the covariance, or of the products of the rows where those are fewer than the numbers in one.</summary>
    Covariance,

    /// <summary>By iteration from random directions (Halko, Martinsson &amp; Tropp 2011); not quite exact.</summary>
    Randomized,
}

/// <summary>How to find principal components.</summary>
public sealed record PcaOptions : TrainingOptions
{
    /// <summary>1: components are computed at once, and measured in one pass.</summary>
    [Option(Least = 1, Most = 1)]
    public override int Epochs { get; init; } = 1;

    /// <summary>Components to find: 1 or more, at most the numbers in a row, and fewer than the rows.</summary>
    [Option(Least = 1)]
    public int Components { get; init; } = 2;

    /// <summary>Whether codes are divided by their deviation, so that each has variance 1.</summary>
    [Option]
    public bool Whiten { get; init; }

    /// <summary>How the components are computed.</summary>
    [Option]
    public PcaMethod Method { get; init; } = PcaMethod.Automatic;

    /// <summary>Passes over the rows of <see cref="PcaMethod.Randomized"/>: 1 or more.</summary>
    [Option(Least = 1)]
    public int Iterations { get; init; } = 8;

    internal Core.PcaOptions ToCoreComponents() => new(Components, Whiten, CoreMethod());

    private Core.PcaMethod CoreMethod() =>
        Method switch
        {
            PcaMethod.Svd => Core.PcaMethod.Svd,
            PcaMethod.Covariance => Core.PcaMethod.Covariance,
            PcaMethod.Randomized => Core.PcaMethod.NewRandomized(Iterations),
            _ => Core.PcaMethod.Automatic,
        };
}
