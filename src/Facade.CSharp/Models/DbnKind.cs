using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>
/// A deep belief net with its options. The number of classes is settled: 0 for a net that learns no labels. Training carries chains along; the
/// model file holds the net.
/// </summary>
internal sealed class DbnKind : ModelKind<Core.DbnTraining, DbnModel>, IModelForm<Core.Dbn, DbnModel>
{
    public const string KindName = "dbn";

    private readonly DbnOptions _options;
    private readonly Core.DbnShape _shape;
    private readonly Lazy<DbnFunctions> _functions;

    public DbnKind(DbnOptions options)
    {
        _options = options;
        _shape = new Core.DbnShape(ListModule.OfSeq(options.Hidden), options.Classes > 0 ? FSharpOption<int>.Some(options.Classes) : null);
        _functions = new Lazy<DbnFunctions>(() => new DbnFunctions(ComputeEngines.Get(options), Objective));
    }

    public override string Name => KindName;

    /// <summary>Of the labels, or else of the top layer by itself.</summary>
    public override Core.Objective<Core.DbnTraining> Objective =>
        _options.Classes > 0
            ? Core.DbnModule.labelObjective(_options.Dropout)
            : Core.DbnModule.layerObjective(Layer(), _options.Hidden.Count - 1);

    public override FSharpList<Core.Phase<Core.DbnTraining>> Phases => Core.DbnModule.phases(_shape, Learning(), _options.Epochs);

    public override Core.DbnTraining Create(IReadOnlyList<int> rowShape) =>
        Core.DbnModule.start(Learning(), Keys.Of(_options.Seed, Keys.Chains), Net(rowShape));

    Core.Dbn IModelForm<Core.Dbn, DbnModel>.Create(IReadOnlyList<int> rowShape) => Net(rowShape);

    public override void Check(DataRows rows)
    {
        UnitRange.Check("hidden", "binary units", rows, "another model");
        if (_options.Classes > 0)
            Core.ClassifierModule.check(_options.Classes, rows.Set);
    }

    public override DbnModel Wrap(Core.DbnTraining parameters, IReadOnlyList<int> rowShape, History history) =>
        Wrap(parameters.Net, rowShape, history);

    public DbnModel Wrap(Core.Dbn parameters, IReadOnlyList<int> rowShape, History history) =>
        new(parameters, _functions.Value, _options, rowShape, history);

    /// <summary>The options with what follows from the rows and the epochs: the number of classes.</summary>
    public static DbnOptions Settle(DbnOptions options, DataRows rows)
    {
        options.Validate();
        bool isClassifier = rows.Labels is not null && options.Epochs > (long)options.Hidden.Count * options.PretrainEpochs;
        int classes = options.Classes > 0 ? options.Classes : Core.ClassifierModule.classesOf(FSharpList<Core.LayerSpec>.Empty, rows.Set);
        return options with { Classes = isClassifier ? classes : 0 };
    }

    private Core.Dbn Net(IReadOnlyList<int> rowShape) =>
        Core.DbnModule.create(_shape, Keys.Of(_options.Seed, Keys.Weights), RowShape.Size(rowShape));

    private Core.DbnLearning Learning() =>
        new(
            Layer(),
            _options.PretrainEpochs,
            FSharpOption<Core.Optimizer>.Some(PretrainOptimizer()),
            _options.TopChains > 0 ? FSharpOption<int>.Some(_options.TopChains) : null,
            _options.Dropout,
            FuncConvert.FromFunc<Core.Dataset, Core.Dataset>(Labelled)
        );

    private Core.LayerLearning Layer() =>
        _options.Pretrain == LayerLearning.Reconstruction
            ? Core.LayerLearning.NewReconstruction(_options.Noise.ToCore())
            : Core.LayerLearning.NewContrast(_options.GibbsSteps);

    private Core.Optimizer PretrainOptimizer() =>
        new(
            FSharpList<Core.GradientTransform>.Empty,
            _options.PretrainOptimizer.ToCore(),
            _options.PretrainOptimizer.Rate,
            Schedules.Constant.ToCore(),
            null,
            _options.PretrainOptimizer.WeightDecay
        );

    private Core.Dataset Labelled(Core.Dataset rows) =>
        _options.LabelledRows == 0
            ? rows
            : Core.DatasetModule.balanced(Core.KeyModule.words(Keys.Of(_options.Seed, Keys.Labels)), _options.LabelledRows, rows);
}
