namespace Functional;

/// <summary>Makes classifiers layer by layer. They are of the kind <c>cnn</c>, whatever their layers.</summary>
public sealed class ClassifierBuilder
{
    internal ClassifierBuilder() { }

    /// <summary>A classifier to be trained, of the layers that <paramref name="layers"/> adds to none.</summary>
    public UntrainedNetwork Build(Func<NetworkBuilder, NetworkBuilder> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        return new UntrainedNetwork(layers(new NetworkBuilder()));
    }

    /// <summary>Reads a classifier that <see cref="TrainedModel.Save"/> wrote.</summary>
    /// <exception cref="FileNotFoundException">there is no such file.</exception>
    /// <exception cref="InvalidDataException">the file is damaged, or holds another kind of model.</exception>
    public Network Load(string path) =>
        Models.Load(path) as Network ?? Core.Errors.data<Network>(path, "", "a model of another kind", "a classifier", "");
}

/// <summary>The layers of a classifier, ready to be trained.</summary>
public sealed class UntrainedNetwork
{
    private readonly NetworkBuilder _layers;

    internal UntrainedNetwork(NetworkBuilder layers) => _layers = layers;

    /// <inheritdoc cref="Trainer{TOptions, TModel}.Train(DataRows, TOptions, IProgress{TrainingProgress}, CancellationToken)"/>
    /// <remarks>The layers of <paramref name="options"/> are not looked at.</remarks>
    public Network Train(
        DataRows data,
        CnnOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default
    ) => Models.Cnn.Train(data, Complete(options), progress, cancellation);

    /// <summary>As <see cref="Train"/>, on a thread of its own.</summary>
    public Task<Network> TrainAsync(
        DataRows data,
        CnnOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default
    ) => Models.Cnn.TrainAsync(data, Complete(options), progress, cancellation);

    /// <summary>The layers as the command line takes them.</summary>
    public override string ToString() => _layers.ToString();

    private CnnOptions Complete(CnnOptions? options) => (options ?? new CnnOptions()) with { Layers = _layers.Layers };
}
