namespace Functional;

/// <summary>Trains and loads classifiers of any layers, such as convolutional networks.</summary>
public sealed class CnnTrainer : ClassifierTrainer<CnnOptions>
{
    internal CnnTrainer() { }

    /// <inheritdoc/>
    public override string Name => "cnn";
}
