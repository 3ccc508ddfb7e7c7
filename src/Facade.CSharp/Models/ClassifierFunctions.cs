using Functional.Core.Engines;

namespace Functional;

/// <summary>What can be asked of a classifier, made into programs at the first use and kept.</summary>
internal sealed class ClassifierFunctions(Engine engine, Core.Objective<Core.Classifier> objective)
{
    /// <summary>The probability of each class: [batch; inputs] → [batch; classes].</summary>
    public Func<Core.Classifier, Core.Tensor, Core.Tensor> Probabilities { get; } =
        Programs.Compile<Core.Classifier>(engine, Core.ClassifierModule.probabilities);

    /// <summary>What the last dense layer sees: [batch; inputs] → [batch; features].</summary>
    public Func<Core.Classifier, Core.Tensor, Core.Tensor> Features { get; } =
        Programs.Compile<Core.Classifier>(engine, Core.ClassifierModule.features);

    /// <summary>Means over all rows of what training reports.</summary>
    public Func<Core.Classifier, TrainingOptions, DataRows, IReadOnlyDictionary<string, double>> Evaluate { get; } =
        Programs.Evaluator(engine, objective);
}
