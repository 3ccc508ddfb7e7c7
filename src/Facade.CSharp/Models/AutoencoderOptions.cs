namespace Functional;

/// <summary>How to train an autoencoder.</summary>
public record AutoencoderOptions : DescentOptions
{
    /// <summary>
    /// Units of the encoder's dense layers, 1 or more each; the last are the code. The decoder has them in reverse: 300, 150 for rows of 784
    /// numbers makes 784-300-150-300-784.
    /// </summary>
    [Option(Least = 1)]
    public IReadOnlyList<int> Hidden { get; init; } = [300, 150];

    /// <summary>
    /// Filters of convolutional layers before the dense ones, 1 or more each: 3x3, moved by 2, so that each layer halves the image; the
    /// decoder has their transposes. For images.
    /// </summary>
    [Option(Least = 1)]
    public IReadOnlyList<int> Filters { get; init; } = [];

    /// <summary>The nonlinearity of all layers but the last.</summary>
    [Option]
    public Activation Activation { get; init; } = Activation.Elu;

    /// <summary>The nonlinearity of the last layer; with the loss cross-entropy it is part of the loss, and this stays linear.</summary>
    [Option]
    public Activation OutputActivation { get; init; } = Activation.Linear;

    /// <summary>How the weights of all layers are drawn before training.</summary>
    [Option]
    public Initialisation Initialisation { get; init; } = Initialisation.Automatic;

    /// <summary>Whether the decoder uses the encoder's weights, transposed, with biases of its own.</summary>
    [Option]
    public bool Tied { get; init; }

    /// <summary>What is minimised. Cross-entropy takes data in 0 to 1.</summary>
    [Option]
    public ReconstructionLoss Loss { get; init; } = ReconstructionLoss.MeanSquared;

    /// <summary>
    /// Epochs in which each layer is trained by itself, from the data upwards, as an autoencoder of the codes below it, before all are
    /// trained together for what is left of <see cref="TrainingOptions.Epochs"/>; 0: all together from the start.
    /// </summary>
    [Option(Least = 0)]
    public int LayerEpochs { get; init; }
}
