namespace Functional;

/// <summary>Trains and loads multilayer perceptrons: dense layers on rows of numbers.</summary>
public sealed class MlpTrainer : ClassifierTrainer<MlpOptions>
{
    internal MlpTrainer() { }

    /// <inheritdoc/>
    public override string Name => "mlp";
}
