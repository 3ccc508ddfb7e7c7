using Microsoft.FSharp.Collections;

namespace Functional;

/// <summary>A classifier with its options. The number of classes is settled.</summary>
internal sealed class ClassifierKind(string name, ClassifierOptions options) : ModelKind<Core.Classifier, Network>
{
    private readonly Lazy<ClassifierFunctions> _functions = new(() =>
        new ClassifierFunctions(ComputeEngines.Get(options), ObjectiveOf(options))
    );

    public override string Name => name;

    public override Core.Objective<Core.Classifier> Objective => ObjectiveOf(options);

    public override Core.Classifier Create(IReadOnlyList<int> rowShape) =>
        Core.ClassifierModule.create(
            options.Network.ToCore(),
            options.Classes,
            Keys.Of(options.Seed, Keys.Weights),
            ListModule.OfSeq(options.Seen(rowShape))
        );

    public override void Check(DataRows rows)
    {
        Core.ClassifierModule.check(options.Classes, rows.Set);
        int weights = options.ClassWeights.Numbers.Count;
        if (weights > 0 && weights != options.Classes)
            Core.Errors.option<string>("class-weights", $"{weights} weights", $"{options.Classes}, one a class", "");
    }

    public override Network Wrap(Core.Classifier parameters, IReadOnlyList<int> rowShape, History history) =>
        new(name, parameters, _functions.Value, options, rowShape, history);

    /// <summary>The options with what follows from the rows: the number of classes, and weights that balance them.</summary>
    public static ClassifierOptions Settle(ClassifierOptions options, DataRows rows)
    {
        options.Validate();
        int classes = options.Classes > 0 ? options.Classes : Core.ClassifierModule.classesOf(options.Network.ToCore(), rows.Set);
        return options with { Classes = classes, ClassWeights = options.ClassWeights.For(classes, rows) };
    }

    private static Core.Objective<Core.Classifier> ObjectiveOf(ClassifierOptions options) =>
        Core.ClassifierModule.objective(options.ClassWeights.ToCore());
}
