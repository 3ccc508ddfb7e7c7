namespace Functional;

/// <summary>What each layer of a deep belief net learns by itself, without labels.</summary>
public enum LayerLearning
{
    /// <summary>A restricted Boltzmann machine, by contrastive divergence.</summary>
    Contrast,

    /// <summary>An autoencoder with tied weights, which gives clean rows back for noisy ones (Vincent et al. 2008).</summary>
    Reconstruction,
}

/// <summary>
/// How to train a deep belief net: each layer by itself from the data upwards, then, where rows have labels, all of them together as a
/// classifier. The optimizer and what else is said of descent are those of the classifier.
/// </summary>
public sealed record DbnOptions : DescentOptions
{
    /// <summary>
    /// Epochs of all layers and of the classifier together: what <see cref="PretrainEpochs"/> leaves is for the labels. Where it leaves
    /// nothing, or rows have no labels, none are learnt.
    /// </summary>
    [Option(Least = 1)]
    public override int Epochs { get; init; } = 60;

    /// <summary>Hidden units of the layers, 1 or more each, from the data to the top.</summary>
    [Option(Least = 1)]
    public IReadOnlyList<int> Hidden { get; init; } = [500, 500];

    /// <summary>Epochs that each layer learns by itself; 1 or more.</summary>
    [Option(Least = 1)]
    public int PretrainEpochs { get; init; } = 20;

    /// <summary>What the layers learn by themselves.</summary>
    [Option]
    public LayerLearning Pretrain { get; init; } = LayerLearning.Contrast;

    /// <summary>
    /// How gradients change parameters while layers learn by themselves. Chains that go on are samples of the top machine only while it
    /// changes more slowly than they move.
    /// </summary>
    [Option]
    public Optimizer PretrainOptimizer { get; init; } = Optimizers.Sgd(0.05);

    /// <summary>Turns of the chain at each step of <see cref="LayerLearning.Contrast"/>; 1 or more.</summary>
    [Option(Least = 1)]
    public int GibbsSteps { get; init; } = 1;

    /// <summary>
    /// Chains of the top machine that go on from step to step with <see cref="LayerLearning.Contrast"/> (Tieleman 2008): it is the machine that
    /// samples are drawn by. 0: its chains begin at rows, as those of the layers below do.
    /// </summary>
    [Option(Least = 0)]
    public int TopChains { get; init; } = 100;

    /// <summary>What is done to the rows that go into a layer with <see cref="LayerLearning.Reconstruction"/>.</summary>
    [Option]
    public Corruption Noise { get; init; } = Corruption.Masking(0.25);

    /// <summary>
    /// How many classes there are; 0: as many as the data has names for, or else one more than its largest label, or none without labels.
    /// </summary>
    [Option(Least = 0)]
    public int Classes { get; init; }

    /// <summary>
    /// How many rows show their labels, as many of each class as can be, drawn by the seed; 0: all of them. Layers by themselves learn all
    /// rows.
    /// </summary>
    [Option(Least = 0)]
    public int LabelledRows { get; init; }

    /// <summary>The share of hidden units left out in each step while labels are learnt, 0 up to less than 1.</summary>
    [Option(Least = 0, Most = 0.99)]
    public double Dropout { get; init; }
}
