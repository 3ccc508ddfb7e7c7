using Microsoft.FSharp.Collections;

namespace Functional;

/// <summary>An autoencoder, plain or denoising, with its options.</summary>
internal abstract class AutoencoderKind<TOptions, TModel> : ModelKind<Core.Autoencoder, TModel>
    where TOptions : AutoencoderOptions
    where TModel : AutoencoderModel
{
    private readonly Lazy<LatentPrograms<Core.Autoencoder>> _programs;

    protected AutoencoderKind(TOptions options)
    {
        Options = options;
        _programs = new Lazy<LatentPrograms<Core.Autoencoder>>(() =>
            new LatentPrograms<Core.Autoencoder>(
                ComputeEngines.Get(options),
                Objective,
                Core.AutoencoderModule.encode,
                Core.AutoencoderModule.decode,
                Core.AutoencoderModule.reconstruct
            )
        );
    }

    public override Core.Objective<Core.Autoencoder> Objective => Core.AutoencoderModule.objective(Corruption);

    public override FSharpList<Core.Phase<Core.Autoencoder>> Phases =>
        Core.AutoencoderModule.phases(Corruption, Options.LayerEpochs, Options.Epochs, Options.Filters.Count + Options.Hidden.Count);

    /// <summary>What is done to the rows that go in.</summary>
    protected abstract Core.Corruption Corruption { get; }

    protected TOptions Options { get; }

    public override Core.Autoencoder Create(IReadOnlyList<int> rowShape)
    {
        Core.AutoencoderShape shape = new(
            ListModule.OfSeq(Row(rowShape)),
            ListModule.OfSeq(Options.Filters),
            ListModule.OfSeq(Options.Hidden),
            Options.Activation.ToCore(),
            Options.OutputActivation.ToCore(),
            Options.Initialisation.ToCore(),
            Options.Tied,
            Options.Loss == ReconstructionLoss.CrossEntropy ? Core.ReconstructionLoss.CrossEntropy : Core.ReconstructionLoss.MeanSquared
        );
        return Core.AutoencoderModule.create(shape, Keys.Of(Options.Seed, Keys.Weights));
    }

    public override void Check(DataRows rows)
    {
        if (Options.Loss == ReconstructionLoss.CrossEntropy)
            UnitRange.Check("loss", "cross-entropy", rows, "mean-squared");
    }

    protected LatentFunctions FunctionsOf(Core.Autoencoder parameters) => _programs.Value.Of(parameters, Options);

    /// <summary>Filters see channels, of which a picture of one matrix has one.</summary>
    private int[] Row(IReadOnlyList<int> rowShape) => Options.Filters.Count > 0 && rowShape.Count == 2 ? [1, .. rowShape] : [.. rowShape];
}

/// <summary>The plain autoencoder.</summary>
internal sealed class AutoencoderKind(AutoencoderOptions options) : AutoencoderKind<AutoencoderOptions, AutoencoderModel>(options)
{
    public const string KindName = "autoencoder";

    public override string Name => KindName;

    protected override Core.Corruption Corruption => Core.Corruption.Intact;

    public override AutoencoderModel Wrap(Core.Autoencoder parameters, IReadOnlyList<int> rowShape, History history) =>
        new(KindName, parameters, FunctionsOf(parameters), Options, rowShape, history);
}

/// <summary>The denoising autoencoder.</summary>
internal sealed class DenoisingKind(DenoisingOptions options) : AutoencoderKind<DenoisingOptions, DenoisingModel>(options)
{
    public const string KindName = "denoising";

    public override string Name => KindName;

    protected override Core.Corruption Corruption => Options.Noise.ToCore();

    public override DenoisingModel Wrap(Core.Autoencoder parameters, IReadOnlyList<int> rowShape, History history) =>
        new(parameters, FunctionsOf(parameters), Options, rowShape, history);
}
