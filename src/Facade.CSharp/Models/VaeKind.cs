using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>The variational autoencoder with its options.</summary>
internal sealed class VaeKind(VaeOptions options) : ModelKind<Core.Vae, VaeModel>
{
    public const string KindName = "vae";

    private readonly Lazy<VaeFunctions> _functions = new(() => new VaeFunctions(ComputeEngines.Get(options), ObjectiveOf(options)));

    public override string Name => KindName;

    public override Core.Objective<Core.Vae> Objective => ObjectiveOf(options);

    public override Core.Vae Create(IReadOnlyList<int> rowShape)
    {
        Core.VaeShape shape = new(
            rowShape.Aggregate(1, (product, size) => checked(product * size)),
            ListModule.OfSeq(options.Hidden),
            options.LatentSize,
            options.Activation.ToCore(),
            options.Likelihood.ToCore()
        );
        return Core.VaeModule.create(shape, Keys.Of(options.Seed, Keys.Weights));
    }

    public override void Check(DataRows rows)
    {
        if (options.Likelihood != Likelihood.Bernoulli)
            return;
        int outside = rows.Values.IndexOfAnyExceptInRange(0f, 1f);
        if (outside >= 0)
            Core.Errors.option<Unit>(
                "likelihood",
                $"bernoulli for {rows.Name}, where row {outside / rows.RowSize} holds {rows.Values[outside]}",
                "numbers in 0 to 1",
                "scale the data, or choose gaussian:DEVIATION"
            );
    }

    public override VaeModel Wrap(Core.Vae parameters, IReadOnlyList<int> rowShape, History history) =>
        new(parameters, _functions.Value, options, rowShape, history);

    private static Core.Objective<Core.Vae> ObjectiveOf(VaeOptions options) => Core.VaeModule.objective(options.Beta);
}
