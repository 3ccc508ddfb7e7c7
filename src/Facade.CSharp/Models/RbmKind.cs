using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>A restricted Boltzmann machine with its options. Training carries chains and offsets along; the model file holds the machine.</summary>
internal sealed class RbmKind(RbmOptions options) : ModelKind<Core.RbmTraining, RbmModel>, IModelForm<Core.Rbm, RbmModel>
{
    public const string KindName = "rbm";

    private readonly Lazy<RbmFunctions> _functions = new(() =>
        new RbmFunctions(ComputeEngines.Get(options), LearningOf(options), options.Seed)
    );

    public override string Name => KindName;

    public override Core.Objective<Core.RbmTraining> Objective => Core.RbmObjective.create(LearningOf(options));

    public override Core.RbmTraining Create(IReadOnlyList<int> rowShape) =>
        Core.RbmObjective.start(LearningOf(options), Keys.Of(options.Seed, Keys.Chains), Machine(rowShape));

    Core.Rbm IModelForm<Core.Rbm, RbmModel>.Create(IReadOnlyList<int> rowShape) => Machine(rowShape);

    public override Core.Dataset Prepare(Core.Dataset rows) => options.Binarise.ToCore().Once(options.Seed, rows);

    public override void Check(DataRows rows)
    {
        if (options.Units.Equals(Likelihood.Bernoulli))
            UnitRange.Check("units", "bernoulli", rows, "gaussian:DEVIATION");
        if (options.Binarise != Binarisation.None)
            UnitRange.Check("binarise", Names.Kebab(options.Binarise.ToString()), rows, "none");
    }

    public override Core.RbmTraining Fit(Core.RbmTraining parameters, DataRows rows) =>
        Core.RbmObjective.startFrom(LearningOf(options), Keys.Of(options.Seed, Keys.Chains), Prepare(rows.Set), parameters.Rbm);

    public override IReadOnlyList<string> DescribedNames => options.LikelihoodEvery == 0 ? [] : RowLikelihood.Names;

    public override Description Describe(Core.RbmTraining parameters, DataRows rows, DataRows? validation, int epoch)
    {
        if (options.LikelihoodEvery == 0 || epoch % options.LikelihoodEvery != 0)
            return new Description([]);
        LikelihoodPrograms likelihood = _functions.Value.Likelihood;
        Core.Key key = Core.KeyModule.foldIn(epoch, Keys.Of(options.Seed, Keys.Evidence));
        Core.LogPartition partition = likelihood.Partition(parameters.Rbm, options.ToAis(), key, rows);
        RowLikelihood trained = likelihood.Of(parameters.Rbm, partition, rows);
        IEnumerable<(string, double)> heldOut = validation is { Count: > 0 }
            ? [("val_log_likelihood", likelihood.Of(parameters.Rbm, partition, validation).LogLikelihood)]
            : [];
        return new Description([.. trained.Metrics, .. heldOut]) { Notes = trained.Warning is { } warning ? [warning] : [] };
    }

    public override RbmModel Wrap(Core.RbmTraining parameters, IReadOnlyList<int> rowShape, History history) =>
        Wrap(parameters.Rbm, rowShape, history);

    public RbmModel Wrap(Core.Rbm parameters, IReadOnlyList<int> rowShape, History history) =>
        new(parameters, _functions.Value, options, rowShape, history);

    private Core.Rbm Machine(IReadOnlyList<int> rowShape)
    {
        int visible = RowShape.Size(rowShape);
        Core.Rbm machine = Core.RbmModule.createWith(
            Core.Initializer.NewNormalWith(options.WeightDeviation),
            Keys.Of(options.Seed, Keys.Weights),
            visible,
            options.Hidden
        );
        return options.Units.Equals(Likelihood.Bernoulli) ? machine : Core.RbmModule.withDeviation(options.Units.Numbers[0], machine);
    }

    private static Core.RbmLearning LearningOf(RbmOptions options) =>
        new(
            options.GibbsSteps,
            options.PersistentChains > 0 ? FSharpOption<int>.Some(options.PersistentChains) : null,
            options.Update == RbmUpdate.Sampled ? Core.RbmUpdate.Sampled : Core.RbmUpdate.MeanField,
            options.Centring > 0 ? FSharpOption<double>.Some(options.Centring) : null,
            options.SparsityCost > 0
                ? FSharpOption<Core.Sparsity>.Some(new Core.Sparsity(options.SparsityTarget, options.SparsityCost))
                : null,
            options.Binarise.ToCore()
        );
}
