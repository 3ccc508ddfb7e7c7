namespace Functional;

/// <summary>Principal components of a set of rows (Pearson 1901, Hotelling 1933): immutable, and safe to use from many threads.</summary>
public sealed class PcaModel : ComponentModel
{
    private readonly Core.Pca _pca;

    internal PcaModel(Core.Pca pca, LatentFunctions functions, PcaOptions options, IReadOnlyList<int> rowShape, History history)
        : base(PcaKind.KindName, functions, pca.Components, pca.Mean, options, rowShape, history) => _pca = pca;

    /// <summary>What it was trained with.</summary>
    public new PcaOptions Options => (PcaOptions)base.Options;

    /// <summary>The variance along each component, largest first: the mean of squared distances from the mean.</summary>
    public float[] ExplainedVariance() => _pca.Variance.ToFloat32s();

    /// <summary>The share of the whole variance along each component, largest first.</summary>
    public float[] ExplainedVarianceRatio() => Core.PcaModule.explained(_pca).ToFloat32s();

    /// <inheritdoc/>
    public override double SubspaceAngle => History is [.., var last] ? last[AngleName] : double.NaN;

    /// <inheritdoc/>
    public override void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ModelFile.Save(path, this, _pca);
    }
}
