using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>The variational autoencoder of sequences.</summary>
internal sealed class RecurrentVaeKind(RecurrentVaeOptions options) : VaeKind(options)
{
    public const string KindName = "recurrent-vae";

    public override string Name => KindName;

    public override void Check(DataRows rows)
    {
        base.Check(rows);
        if (rows.RowShape.Count > 2)
            Core.Errors.option<Unit>(
                "data",
                $"rows of {Core.Errors.show(rows.Set.Shape)} in {rows.Name}",
                "sequences [steps] or [steps; features]",
                "train conv-vae on them"
            );
    }

    protected override Core.Vae Networks(IReadOnlyList<int> rowShape, Core.Key key)
    {
        int features = rowShape.Count == 1 ? 1 : rowShape[1];
        Core.RecurrentVaeShape shape = new(rowShape[0], features, options.Units, options.LatentSize, options.Likelihood.ToCore());
        return Core.RecurrentVae.create(shape, key);
    }
}
