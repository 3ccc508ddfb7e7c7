namespace Functional;

/// <summary>Trains and loads variational autoencoders (Kingma &amp; Welling 2014).</summary>
public sealed class VaeTrainer : Trainer<VaeOptions, VaeModel>
{
    internal VaeTrainer() { }

    /// <inheritdoc/>
    public override string Name => VaeKind.KindName;

    /// <inheritdoc/>
    public override VaeModel Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return ModelFile.Load(path, new VaeOptions(), options => new VaeKind((VaeOptions)options));
    }

    private protected override VaeModel Run(
        DataRows data,
        VaeOptions options,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellation
    ) => new TrainingSession<Core.Vae, VaeModel>(new VaeKind(options), options, data, progress).Run(cancellation);
}
