using Functional.Core.Engines;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>What can be asked of one model with codes.</summary>
/// <param name="Encode">Codes of rows: [batch; inputs] → [batch; code].</param>
/// <param name="Decode">Rows of codes: [batch; code] → [batch; inputs].</param>
/// <param name="Reconstruct">Rows through their codes: [batch; inputs] → [batch; inputs].</param>
/// <param name="Evaluate">Means over all rows of what training reports.</param>
internal sealed record LatentFunctions(
    Func<Core.Tensor, Core.Tensor> Encode,
    Func<Core.Tensor, Core.Tensor> Decode,
    Func<Core.Tensor, Core.Tensor> Reconstruct,
    Func<DataRows, IReadOnlyDictionary<string, double>> Evaluate
);

/// <summary>The functions of a kind of model, made into programs at the first use and kept.</summary>
/// <typeparam name="TParameters">The tree of parameters.</typeparam>
internal sealed class LatentPrograms<TParameters>(
    Engine engine,
    Core.Objective<TParameters> objective,
    Func<TParameters, Core.Tensor, Core.Tensor> encode,
    Func<TParameters, Core.Tensor, Core.Tensor> decode,
    Func<TParameters, Core.Tensor, Core.Tensor> reconstruct
)
{
    private readonly FSharpFunc<Tuple<TParameters, Core.Tensor>, Core.Tensor> _encode = Compile(engine, encode);
    private readonly FSharpFunc<Tuple<TParameters, Core.Tensor>, Core.Tensor> _decode = Compile(engine, decode);
    private readonly FSharpFunc<Tuple<TParameters, Core.Tensor>, Core.Tensor> _reconstruct = Compile(engine, reconstruct);
    private readonly Func<TParameters, long, int, Core.Dataset, FSharpList<Tuple<string, double>>> _evaluate =
        Core.Training<TParameters>.Evaluator(engine, objective);

    /// <summary>The functions of one model.</summary>
    public LatentFunctions Of(TParameters parameters, TrainingOptions options) =>
        new(
            rows => _encode.Invoke(Tuple.Create(parameters, rows)),
            codes => _decode.Invoke(Tuple.Create(parameters, codes)),
            rows => _reconstruct.Invoke(Tuple.Create(parameters, rows)),
            rows =>
                _evaluate(parameters, options.Seed, options.BatchSize, rows.Set).ToDictionary(value => value.Item1, value => value.Item2)
        );

    private static FSharpFunc<Tuple<TParameters, Core.Tensor>, Core.Tensor> Compile(
        Engine engine,
        Func<TParameters, Core.Tensor, Core.Tensor> function
    ) =>
        Core.Compiled.compileOn(
            engine,
            FSharpFunc<Tuple<TParameters, Core.Tensor>, Core.Tensor>.FromConverter(pair => function(pair.Item1, pair.Item2))
        );
}
