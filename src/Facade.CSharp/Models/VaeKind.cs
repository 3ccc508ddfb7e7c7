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
        new(_options.Beta, _options.BetaSchedule.ToCore(), _options.ImportanceSamples, _options.Binarise.ToCore());

    public override Core.Vae Create(IReadOnlyList<int> rowShape)
    {
        Core.Vae vae = Networks(rowShape, Keys.Of(_options.Seed, Keys.Weights));
        return new Core.Vae(vae.Encoder, vae.Mean, vae.Spread, ToCore(_options.Parameterisation), vae.Decoder, vae.Likelihood);
    }

    public override Core.Dataset Prepare(Core.Dataset rows) => _options.Binarise.ToCore().Once(_options.Seed, rows);

    public override void Check(DataRows rows)
    {
        if (_options.Likelihood.Equals(Likelihood.Bernoulli))
            UnitRange.Check("likelihood", "bernoulli", rows, "gaussian:DEVIATION");
        if (_options.Binarise != Binarisation.None)
            UnitRange.Check("binarise", Names.Kebab(_options.Binarise.ToString()), rows, "none");
    }

    public override VaeModel Wrap(Core.Vae parameters, IReadOnlyList<int> rowShape, History history) =>
        new(Name, parameters, _functions.Value, _options, rowShape, history);

    /// <summary>Networks before training for rows of a shape.</summary>
    protected abstract Core.Vae Networks(IReadOnlyList<int> rowShape, Core.Key key);

    private static Core.Parameterisation ToCore(Parameterisation parameterisation) =>
        parameterisation == Parameterisation.Sigma ? Core.Parameterisation.Deviation : Core.Parameterisation.LogVariance;
}
