namespace Functional;

/// <summary>How to train a variational autoencoder of sequences.</summary>
public sealed record RecurrentVaeOptions : VariationalOptions
{
    /// <summary>Numbers of any size, with a deviation of 0.1.</summary>
    public RecurrentVaeOptions()
    {
        Likelihood = Likelihood.Gaussian(0.1);
        Optimizer = Optimizers.Adam(0.003);
        ClipNorm = 100;
    }

    /// <summary>Units of the recurrent layers of encoder and decoder; 1 or more.</summary>
    [Option(Least = 1)]
    public int Units { get; init; } = 64;
}
