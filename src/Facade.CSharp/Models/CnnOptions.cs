namespace Functional;

/// <summary>How to train a classifier of any layers, such as a convolutional network.</summary>
public sealed record CnnOptions : ClassifierOptions
{
    /// <summary>
    /// The layers as text: <c>["conv:32:3", "relu", "maxpool:2", "flatten", "dense:10"]</c>. <see cref="NetworkBuilder"/> writes them. Where
    /// the last one is not dense, one unit a class is added.
    /// </summary>
    [Option]
    public IReadOnlyList<string> Layers { get; init; } =
    ["conv:32:3", "relu", "maxpool:2", "conv:64:3", "relu", "maxpool:2", "flatten", "dense:128", "relu", "dropout:0.5"];

    internal override NetworkBuilder Network => Layers.Aggregate(new NetworkBuilder(), (net, layer) => net.Add(layer));

    /// <summary>Pictures of one channel have an axis for it; all other rows are as they are.</summary>
    internal override IReadOnlyList<int> Seen(IReadOnlyList<int> rowShape) =>
        rowShape is [int height, int width] ? [1, height, width] : rowShape;
}
