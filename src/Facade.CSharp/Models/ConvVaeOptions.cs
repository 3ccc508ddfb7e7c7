namespace Functional;

/// <summary>How to train a variational autoencoder of convolutions. The usual values are those of the lecture's network.</summary>
public sealed record ConvVaeOptions : VariationalOptions
{
    /// <summary>Two numbers in a code, so that all of them can be seen in one picture.</summary>
    public ConvVaeOptions()
    {
        LatentSize = 2;
        Epochs = 10;
        BatchSize = 128;
        Optimizer = Optimizers.RmsProp(0.001);
    }

    /// <summary>Filters of each convolution of the encoder, 1 or more each.</summary>
    [Option(Least = 1)]
    public IReadOnlyList<int> Filters { get; init; } = [32, 64, 64, 64];

    /// <summary>The stride of each convolution; the decoder has a transposed convolution for each that is more than 1.</summary>
    [Option(Least = 1)]
    public IReadOnlyList<int> Strides { get; init; } = [1, 2, 1, 1];

    /// <summary>Height and width of all filters; 1 or more.</summary>
    [Option(Least = 1)]
    public int Kernel { get; init; } = 3;

    /// <summary>Units of the dense layers behind the convolutions, 1 or more each.</summary>
    [Option(Least = 1)]
    public IReadOnlyList<int> Hidden { get; init; } = [32];

    /// <summary>The nonlinearity of the hidden layers.</summary>
    [Option]
    public Activation Activation { get; init; } = Activation.Relu;
}
