namespace Functional;

/// <summary>Units that learnt principal components by Oja's or Sanger's rule: immutable, and safe to use from many threads.</summary>
public sealed class OjaModel : ComponentModel
{
    private readonly Core.Oja _oja;

    internal OjaModel(Core.Oja oja, LatentFunctions functions, OjaOptions options, IReadOnlyList<int> rowShape, History history)
        : base(OjaKind.KindName, functions, Core.OjaModule.components(oja), oja.Reference.Mean, options, rowShape, history) => _oja = oja;

    /// <summary>What it was trained with.</summary>
    public new OjaOptions Options => (OjaOptions)base.Options;

    /// <inheritdoc/>
    public override double SubspaceAngle => Core.OjaModule.angle(_oja);

    /// <inheritdoc/>
    public override void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ModelFile.Save(path, this, _oja);
    }
}
