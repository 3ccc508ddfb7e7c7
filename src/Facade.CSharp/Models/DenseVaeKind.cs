using Microsoft.FSharp.Collections;

namespace Functional;

/// <summary>The variational autoencoder of dense layers.</summary>
internal sealed class DenseVaeKind(VaeOptions options) : VaeKind(options)
{
    public const string KindName = "vae";

    public override string Name => KindName;

    protected override Core.Vae Networks(IReadOnlyList<int> rowShape, Core.Key key)
    {
        Core.VaeShape shape = new(
            RowShape.Size(rowShape),
            ListModule.OfSeq(options.Hidden),
            options.LatentSize,
            options.Activation.ToCore(),
            options.Likelihood.ToCore()
        );
        return Core.VaeModule.create(shape, key);
    }
}
