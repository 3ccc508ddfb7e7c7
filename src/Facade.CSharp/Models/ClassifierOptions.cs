namespace Functional;

/// <summary>How to train a classifier, whatever its layers.</summary>
public abstract record ClassifierOptions : DescentOptions
{
    /// <summary>
    /// How many classes there are; 0: as many as the last layer has units, or else as the data has names for, or else one more than its
    /// largest label.
    /// </summary>
    [Option(Least = 0)]
    public int Classes { get; init; }

    /// <summary>
    /// How much the rows of each class count. The loss is Σ weight·(−log p)/rows; the weights of rows (<see cref="DataRows.WithWeights"/>)
    /// multiply those of their classes.
    /// </summary>
    [Option]
    public ClassWeights ClassWeights { get; init; } = ClassWeights.None;

    /// <summary>The layers, with or without the units of the classes at the end.</summary>
    internal abstract NetworkBuilder Network { get; }

    /// <summary>The shape in which the layers see a row.</summary>
    internal abstract IReadOnlyList<int> Seen(IReadOnlyList<int> rowShape);
}
