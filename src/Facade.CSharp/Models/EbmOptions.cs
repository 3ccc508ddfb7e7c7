using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>
/// How to train an energy-based model. The usual values are those of the article on energy-based models of MNIST, but for a quarter of its
/// batch, which learns more from each step of a chain, and for gradients that are clipped.
/// </summary>
public sealed record EbmOptions : DescentOptions
{
    /// <summary>Adam without momentum, because the energies that a chain follows should be those of now.</summary>
    public EbmOptions()
    {
        Epochs = 20;
        BatchSize = 32;
        Optimizer = Optimizers.Adam(0.0001, beta1: 0);
        ClipNorm = 0.1;
    }

    /// <summary>
    /// The layers as text; <see cref="NetworkBuilder"/> writes them. Behind them comes one unit, whose output is the negative energy, or with
    /// classes one for each.
    /// </summary>
    [Option]
    public IReadOnlyList<string> Layers { get; init; } = [.. Core.EbmModule.article.Select(layer => Core.LayerText.print([layer]))];

    /// <summary>
    /// Rows and columns that the layers see at least, 0 or more: smaller images lie in the middle of so many, with background around them.
    /// </summary>
    [Option(Least = 0)]
    public int Size { get; init; } = 32;

    /// <summary>Steps of the chains that draw the rows which training compares with the data; 1 or more.</summary>
    [Option(Least = 1)]
    public int ChainSteps { get; init; } = 60;

    /// <summary>What a chain's step multiplies the gradient by; more than 0.</summary>
    [Option(Least = 0, IsAbove = true)]
    public double ChainStepSize { get; init; } = 10;

    /// <summary>The deviation of the noise in each step of a chain; 0 or more.</summary>
    [Option(Least = 0)]
    public double ChainNoise { get; init; } = 0.005;

    /// <summary>Each number of a chain's gradient is clipped to ±this; 0: it is not.</summary>
    [Option(Least = 0)]
    public double ChainClip { get; init; } = 0.03;

    /// <summary>Ends of chains that are kept for others to begin with; 1 or more.</summary>
    [Option(Least = 1)]
    public int BufferSize { get; init; } = 8192;

    /// <summary>The share of chains that begin in noise; 0 to 1.</summary>
    [Option(Least = 0, Most = 1)]
    public double Refresh { get; init; } = 0.05;

    /// <summary>The weight of the squares of the energies in the loss; 0 or more.</summary>
    [Option(Least = 0)]
    public double Alpha { get; init; } = 0.1;

    /// <summary>The deviation of the noise on the data, whose pixels range from −1 to 1 here; 0 or more.</summary>
    [Option(Least = 0)]
    public double RealNoise { get; init; } = 0.005;

    /// <summary>Steps of the chains that draw samples from the trained model; 1 or more.</summary>
    [Option(Least = 1)]
    public int SampleSteps { get; init; } = 256;

    /// <summary>
    /// The weight of the labels' cross-entropy, 0 or more. With more than 0 the model has an energy for each class, and is a classifier too
    /// (Grathwohl et al. 2020); with 0 it does not look at labels.
    /// </summary>
    [Option(Least = 0)]
    public double LabelWeight { get; init; }

    /// <summary>How many classes there are; 0: as many as the data has. Without a <see cref="LabelWeight"/> there are none.</summary>
    [Option(Least = 0)]
    public int Classes { get; init; }

    /// <summary>The difference of the mean energies of data and fakes beyond which training has diverged; 0: there is none.</summary>
    [Option(Least = 0)]
    public double EnergyGapLimit { get; init; } = 100;

    /// <summary>The share of the fakes' pixels at −1 and 1 beyond which training has diverged, up to 1; 0: there is none.</summary>
    [Option(Least = 0, Most = 1)]
    public double SaturationLimit { get; init; } = 0.995;

    /// <summary>What training minimises, without the labels.</summary>
    internal Core.EbmObjective Contrast
    {
        get
        {
            Core.EbmObjective usual = Core.EbmObjectiveModule.defaults;
            Core.LangevinOptions chain = new(
                ChainStepSize,
                ChainNoise,
                usual.Chain.NoiseFirst,
                ChainClip > 0 ? FSharpOption<double>.Some(ChainClip) : null,
                usual.Chain.Range
            );
            return new Core.EbmObjective(ChainSteps, chain, new Core.ReplayBufferOptions(Refresh, usual.Buffer.Noise), Alpha, RealNoise);
        }
    }

    /// <summary>The layers, without the units of the energies at the end.</summary>
    internal NetworkBuilder Network => Layers.Aggregate(new NetworkBuilder(), (net, layer) => net.Add(layer));

    private protected override IEnumerable<(string Name, double Most)> Limits =>
        base.Limits.Concat(new[] { ("cdiv", EnergyGapLimit), ("saturation", SaturationLimit) }.Where(limit => limit.Item2 > 0));
}
