using Functional.Core.Engines;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>What can be asked of a classifier, made into programs at the first use and kept.</summary>
internal sealed class ClassifierFunctions
{
    private readonly FSharpFunc<Tuple<Core.Classifier, Core.Tensor>, Core.Tensor> _probabilities;
    private readonly FSharpFunc<Tuple<Core.Classifier, Core.Tensor>, Core.Tensor> _features;
    private readonly Func<Core.Classifier, long, int, Core.Dataset, FSharpList<Tuple<string, double>>> _evaluate;

    public ClassifierFunctions(Engine engine, Core.Objective<Core.Classifier> objective)
    {
        FSharpFunc<Tuple<Core.Classifier, Core.Tensor>, Core.Tensor> Compile(Func<Core.Classifier, Core.Tensor, Core.Tensor> function) =>
            Core.Compiled.compileOn(
                engine,
                FSharpFunc<Tuple<Core.Classifier, Core.Tensor>, Core.Tensor>.FromConverter(pair => function(pair.Item1, pair.Item2))
            );

        _probabilities = Compile(Core.ClassifierModule.probabilities);
        _features = Compile(Core.ClassifierModule.features);
        _evaluate = Core.Training<Core.Classifier>.Evaluator(engine, objective);
    }

    /// <summary>The probability of each class: [batch; inputs] → [batch; classes].</summary>
    public Core.Tensor Probabilities(Core.Classifier classifier, Core.Tensor rows) => _probabilities.Invoke(Tuple.Create(classifier, rows));

    /// <summary>What the last dense layer sees: [batch; inputs] → [batch; features].</summary>
    public Core.Tensor Features(Core.Classifier classifier, Core.Tensor rows) => _features.Invoke(Tuple.Create(classifier, rows));

    /// <summary>Means over all rows of what training reports.</summary>
    public IReadOnlyDictionary<string, double> Evaluate(Core.Classifier classifier, long seed, int batchSize, DataRows rows) =>
        _evaluate(classifier, seed, batchSize, rows.Set).ToDictionary(metric => metric.Item1, metric => metric.Item2).AsReadOnly();
}
