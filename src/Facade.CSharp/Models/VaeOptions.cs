namespace Functional;

/// <summary>How to train a variational autoencoder of dense layers.</summary>
public sealed record VaeOptions : VariationalOptions
{
    /// <summary>Units of the encoder's hidden layers, 1 or more each; the decoder has them in reverse.</summary>
    [Option(Least = 1)]
    public IReadOnlyList<int> Hidden { get; init; } = [400, 200];

    /// <summary>The nonlinearity of the hidden layers.</summary>
    [Option]
    public Activation Activation { get; init; } = Activation.Elu;
}
