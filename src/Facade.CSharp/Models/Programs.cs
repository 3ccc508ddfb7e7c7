using Functional.Core.Engines;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>Functions of parameters and rows, made into programs at the first use and kept.</summary>
internal static class Programs
{
    /// <summary>A function of parameters and one tensor.</summary>
    public static Func<TParameters, Core.Tensor, Core.Tensor> Compile<TParameters>(
        Engine engine,
        Func<TParameters, Core.Tensor, Core.Tensor> function
    )
    {
        FSharpFunc<Tuple<TParameters, Core.Tensor>, Core.Tensor> program = Core.Compiled.compileOn(
            engine,
            FSharpFunc<Tuple<TParameters, Core.Tensor>, Core.Tensor>.FromConverter(pair => function(pair.Item1, pair.Item2))
        );
        return (parameters, tensor) => program.Invoke(Tuple.Create(parameters, tensor));
    }

    /// <summary>Means over all rows of what training reports, with the seed and the batches of the training.</summary>
    public static Func<TParameters, TrainingOptions, DataRows, IReadOnlyDictionary<string, double>> Evaluator<TParameters>(
        Engine engine,
        Core.Objective<TParameters> objective
    )
    {
        Func<TParameters, long, int, Core.Dataset, FSharpList<Tuple<string, double>>> evaluate = Core.Evaluator.create(engine, objective);
        return (parameters, options, rows) =>
            evaluate(parameters, options.Seed, options.BatchSize, rows.Set)
                .ToDictionary(metric => metric.Item1, metric => metric.Item2)
                .AsReadOnly();
    }
}
