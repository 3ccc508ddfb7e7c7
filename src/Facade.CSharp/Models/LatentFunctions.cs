using Functional.Core.Engines;

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
    private readonly Func<TParameters, Core.Tensor, Core.Tensor> _encode = Programs.Compile(engine, encode);
    private readonly Func<TParameters, Core.Tensor, Core.Tensor> _decode = Programs.Compile(engine, decode);
    private readonly Func<TParameters, Core.Tensor, Core.Tensor> _reconstruct = Programs.Compile(engine, reconstruct);
    private readonly Func<TParameters, TrainingOptions, DataRows, IReadOnlyDictionary<string, double>> _evaluate = Programs.Evaluator(
        engine,
        objective
    );

    /// <summary>The functions of one model.</summary>
    public LatentFunctions Of(TParameters parameters, TrainingOptions options) =>
        new(
            rows => _encode(parameters, rows),
            codes => _decode(parameters, codes),
            rows => _reconstruct(parameters, rows),
            rows => _evaluate(parameters, options, rows)
        );
}
