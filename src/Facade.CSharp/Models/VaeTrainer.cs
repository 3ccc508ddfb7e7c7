namespace Functional;

/// <summary>Trains and loads variational autoencoders of dense layers (Kingma &amp; Welling 2014).</summary>
public sealed class VaeTrainer : VariationalTrainer<VaeOptions>
{
    internal VaeTrainer() { }

    /// <inheritdoc/>
    public override string Name => DenseVaeKind.KindName;

    private protected override VaeKind KindOf(VaeOptions options) => new DenseVaeKind(options);
}

/// <summary>Trains and loads variational autoencoders of convolutions.</summary>
public sealed class ConvVaeTrainer : VariationalTrainer<ConvVaeOptions>
{
    internal ConvVaeTrainer() { }

    /// <inheritdoc/>
    public override string Name => ConvVaeKind.KindName;

    private protected override VaeKind KindOf(ConvVaeOptions options) => new ConvVaeKind(options);
}

/// <summary>Trains and loads variational autoencoders of sequences.</summary>
public sealed class RecurrentVaeTrainer : VariationalTrainer<RecurrentVaeOptions>
{
    internal RecurrentVaeTrainer() { }

    /// <inheritdoc/>
    public override string Name => RecurrentVaeKind.KindName;

    private protected override VaeKind KindOf(RecurrentVaeOptions options) => new RecurrentVaeKind(options);
}
