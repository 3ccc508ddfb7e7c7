using Microsoft.FSharp.Collections;

namespace Functional;

/// <summary>What every kind of model that learns by descent along gradients can be told about its training.</summary>
public abstract record DescentOptions : TrainingOptions
{
    /// <summary>How gradients change parameters.</summary>
    [Option]
    public Optimizer Optimizer { get; init; } = Optimizers.Adam(0.001);

    /// <summary>How the learning rate changes with the steps.</summary>
    [Option]
    public Schedule Schedule { get; init; } = Schedules.Constant;

    /// <summary>Gradients are clipped to ±this, number by number, before anything else; 0: they are not.</summary>
    [Option(Least = 0)]
    public double ClipValue { get; init; }

    /// <summary>Gradients are shrunk together until their norm over all parameters is at most this; 0: they are not.</summary>
    [Option(Least = 0)]
    public double ClipNorm { get; init; }

    /// <summary>
    /// Whether the mean over the inputs of each unit is taken from the gradients of weights (Yong, Huang, Hua &amp; Zhang 2020).
    /// </summary>
    [Option]
    public bool GradientCentralization { get; init; }

    /// <summary>A rate of its own for each weight.</summary>
    [Option]
    public LocalGains LocalGains { get; init; } = LocalGains.None;

    /// <summary>
    /// Each step parameters lose rate·this of themselves, apart from the gradient (Loshchilov &amp; Hutter 2019): 0 or more. What
    /// <see cref="Optimizers.AdamW"/> has of its own is added.
    /// </summary>
    [Option(Least = 0)]
    public double WeightDecay { get; init; }

    /// <summary>A price on large weights.</summary>
    [Option]
    public Regularizer Regularizer { get; init; } = Regularizers.None;

    /// <summary>
    /// Parameters that stay as they are, by the beginnings of their paths: <c>Encoder.Layers.0</c> names that layer's weight and bias.
    /// </summary>
    [Option]
    public IReadOnlyList<string> Frozen { get; init; } = [];

    /// <summary>The length of the gradient of all parameters together beyond which training has diverged; 0: there is none.</summary>
    [Option(Least = 0)]
    public double GradientLimit { get; init; }

    /// <summary>The largest sizes of reported numbers, beyond which training has diverged.</summary>
    private protected virtual IEnumerable<(string Name, double Most)> Limits => GradientLimit > 0 ? [("gradient_norm", GradientLimit)] : [];

    internal override Core.TrainingOptions ToCore() =>
        new(
            Epochs,
            BatchSize,
            Seed,
            CoreOptimizer(),
            Regularizer.ToCore(),
            ListModule.OfSeq(Frozen),
            ListModule.OfSeq(Limits.Select(limit => Tuple.Create(limit.Name, limit.Most))),
            OnDivergence.ToCore()
        );

    /// <summary>The optimizer with all that is done before and after its rule. Gradients are clipped as they come, then centred.</summary>
    private Core.Optimizer CoreOptimizer()
    {
        List<Core.GradientTransform> transforms = [];
        if (ClipValue > 0)
            transforms.Add(Core.GradientTransform.NewClipValue(ClipValue));
        if (ClipNorm > 0)
            transforms.Add(Core.GradientTransform.NewClipNorm(ClipNorm));
        if (GradientCentralization)
            transforms.Add(Core.GradientTransform.Centralize);
        return new Core.Optimizer(
            ListModule.OfSeq(transforms),
            Optimizer.ToCore(),
            Optimizer.Rate,
            Schedule.ToCore(),
            LocalGains.ToCore(),
            Optimizer.WeightDecay + WeightDecay
        );
    }
}
