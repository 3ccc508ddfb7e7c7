namespace Functional;

/// <summary>
/// A trained denoising autoencoder (Vincent, Larochelle, Bengio &amp; Manzagol 2008): immutable, and safe to use from many threads.
/// <see cref="LatentModel.Reconstruct(DataRows)"/> takes rows as they are, noisy or not, and gives clean ones.
/// </summary>
public sealed class DenoisingModel : AutoencoderModel, IDenoiser
{
    internal DenoisingModel(
        Core.Autoencoder model,
        LatentFunctions functions,
        DenoisingOptions options,
        IReadOnlyList<int> rowShape,
        History history
    )
        : base(DenoisingKind.KindName, model, functions, options, rowShape, history) { }

    /// <summary>What it was trained with.</summary>
    public new DenoisingOptions Options => (DenoisingOptions)base.Options;

    /// <summary>Rows with the noise that it was trained on. The first rows do not depend on how many there are.</summary>
    /// <param name="rows">Clean rows.</param>
    /// <param name="seed">The same seed gives the same noise.</param>
    /// <exception cref="ArgumentException">there are no rows, or they have another size than the model's.</exception>
    public DataRows Corrupt(DataRows rows, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckRows("Corrupt", rows.Count, rows.RowSize);
        Core.Tensor noisy = Core.CorruptionModule.apply(Options.Noise.ToCore(), Keys.Of(seed, Keys.Corruption), rows.ToTensor());
        return Rows("noisy", noisy.ToFloat32s());
    }
}
