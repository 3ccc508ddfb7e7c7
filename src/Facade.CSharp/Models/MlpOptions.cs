namespace Functional;

/// <summary>How to train a multilayer perceptron.</summary>
public sealed record MlpOptions : ClassifierOptions
{
    /// <summary>Units of the hidden layers, 1 or more each.</summary>
    [Option(Least = 1)]
    public IReadOnlyList<int> Hidden { get; init; } = [256, 128];

    /// <summary>The nonlinearity of the hidden layers.</summary>
    [Option]
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Whether hidden units are normalised by their batch, before the nonlinearity.</summary>
    [Option]
    public bool BatchNorm { get; init; }

    /// <summary>The share of hidden units left out in each step, 0 up to less than 1.</summary>
    [Option(Least = 0, Most = 0.99)]
    public double Dropout { get; init; }

    internal override NetworkBuilder Network => Hidden.Aggregate(new NetworkBuilder(), Add);

    internal override IReadOnlyList<int> Seen(IReadOnlyList<int> rowShape) => [RowShape.Size(rowShape)];

    private NetworkBuilder Add(NetworkBuilder net, int units)
    {
        net = net.Dense(units);
        if (BatchNorm)
            net = net.BatchNorm();
        net = net.Activation(Activation);
        return Dropout > 0 ? net.Dropout(Dropout) : net;
    }
}
