using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>The variational autoencoder of convolutions.</summary>
internal sealed class ConvVaeKind(ConvVaeOptions options) : VaeKind(options)
{
    public const string KindName = "conv-vae";

    public override string Name => KindName;

    public override void Check(DataRows rows)
    {
        base.Check(rows);
        if (options.Filters.Count == 0 || options.Filters.Count != options.Strides.Count)
            Core.Errors.option<Unit>(
                "strides",
                $"{options.Strides.Count} strides for {options.Filters.Count} filters",
                "as many as filters, one or more",
                ""
            );
        if (rows.RowShape.Count is not (2 or 3))
            Core.Errors.option<Unit>(
                "data",
                $"rows of {Core.Errors.show(rows.Set.Shape)} in {rows.Name}",
                "images [height; width] or [channels; height; width]",
                "train vae on them"
            );
    }

    protected override Core.Vae Networks(IReadOnlyList<int> rowShape, Core.Key key)
    {
        IEnumerable<int> image = rowShape.Count == 2 ? rowShape.Prepend(1) : rowShape;
        Core.ConvVaeShape shape = new(
            ListModule.OfSeq(image),
            ListModule.OfSeq(options.Filters.Zip(options.Strides, Tuple.Create)),
            options.Kernel,
            ListModule.OfSeq(options.Hidden),
            options.LatentSize,
            options.Activation.ToCore(),
            options.Likelihood.ToCore()
        );
        return Core.ConvVae.create(shape, key);
    }
}
