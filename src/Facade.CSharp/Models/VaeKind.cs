using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>A variational autoencoder with its options, whatever its networks.</summary>
internal abstract class VaeKind : ModelKind<Core.Vae, VaeModel>
{
    private readonly VariationalOptions _options;
    private readonly Lazy<VaeFunctions> _functions;

    protected VaeKind(VariationalOptions options)
    {
        _options = options;
        _functions = new Lazy<VaeFunctions>(() => new VaeFunctions(ComputeEngines.Get(options), Training, options.Seed));
    }

    public override Core.Objective<Core.Vae> Objective => Core.VaeObjectiveModule.create(Training);

    private Core.VaeObjective Training =>
        new(_options.Beta, _options.BetaSchedule.ToCore(), _options.ImportanceSamples, ToCore(_options.Binarise));

    public override Core.Vae Create(IReadOnlyList<int> rowShape)
    {
        Core.Vae vae = Networks(rowShape, Keys.Of(_options.Seed, Keys.Weights));
        return new Core.Vae(vae.Encoder, vae.Mean, vae.Spread, ToCore(_options.Parameterisation), vae.Decoder, vae.Likelihood);
    }

    public override Core.Dataset Prepare(Core.Dataset rows) => VaeFunctions.Prepare(ToCore(_options.Binarise), _options.Seed, rows);

    public override void Check(DataRows rows)
    {
        if (_options.Likelihood == Likelihood.Bernoulli)
            CheckLevels(rows, "likelihood", "bernoulli", "scale the data, or choose gaussian:DEVIATION");
        if (_options.Binarise != Binarisation.None)
            CheckLevels(rows, "binarise", Names.Kebab(_options.Binarise.ToString()), "scale the data, or choose none");
    }

    public override VaeModel Wrap(Core.Vae parameters, IReadOnlyList<int> rowShape, History history) =>
        new(Name, parameters, _functions.Value, _options, rowShape, history);

    /// <summary>Networks before training for rows of a shape.</summary>
    protected abstract Core.Vae Networks(IReadOnlyList<int> rowShape, Core.Key key);

    private static void CheckLevels(DataRows rows, string option, string value, string fix)
    {
        int outside = rows.Values.IndexOfAnyExceptInRange(0f, 1f);
        if (outside >= 0)
            Core.Errors.option<Unit>(
                option,
                $"{value} for {rows.Name}, where row {outside / rows.RowSize} holds {rows.Values[outside]}",
                "numbers in 0 to 1",
                fix
            );
    }

    private static Core.Parameterisation ToCore(Parameterisation parameterisation) =>
        parameterisation == Parameterisation.Sigma ? Core.Parameterisation.Deviation : Core.Parameterisation.LogVariance;

    private static Core.Binarisation ToCore(Binarisation binarisation) =>
        binarisation switch
        {
            Binarisation.Threshold => Core.Binarisation.Threshold,
            Binarisation.Static => Core.Binarisation.Static,
            Binarisation.Dynamic => Core.Binarisation.Dynamic,
            _ => Core.Binarisation.None,
        };
}
