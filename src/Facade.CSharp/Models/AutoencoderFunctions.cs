using Functional.Core.Engines;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>What can be asked of an autoencoder, made into programs at the first use and kept.</summary>
internal sealed class AutoencoderFunctions
{
    private readonly FSharpFunc<Tuple<Core.Autoencoder, Core.Tensor>, Core.Tensor> _encode;
    private readonly FSharpFunc<Tuple<Core.Autoencoder, Core.Tensor>, Core.Tensor> _decode;
    private readonly FSharpFunc<Tuple<Core.Autoencoder, Core.Tensor>, Core.Tensor> _reconstruct;
    private readonly Func<Core.Autoencoder, long, int, Core.Dataset, FSharpList<Tuple<string, double>>> _evaluate;

    public AutoencoderFunctions(Engine engine, Core.Objective<Core.Autoencoder> objective)
    {
        FSharpFunc<Tuple<Core.Autoencoder, Core.Tensor>, Core.Tensor> Compile(Func<Core.Autoencoder, Core.Tensor, Core.Tensor> function) =>
            Core.Compiled.compileOn(
                engine,
                FSharpFunc<Tuple<Core.Autoencoder, Core.Tensor>, Core.Tensor>.FromConverter(pair => function(pair.Item1, pair.Item2))
            );

        _encode = Compile(Core.AutoencoderModule.encode);
        _decode = Compile(Core.AutoencoderModule.decode);
        _reconstruct = Compile(Core.AutoencoderModule.reconstruct);
        _evaluate = Core.Training<Core.Autoencoder>.Evaluator(engine, objective);
    }

    /// <summary>The codes of rows: [batch; inputs] → [batch; numbers in a code].</summary>
    public Core.Tensor Encode(Core.Autoencoder model, Core.Tensor rows) => _encode.Invoke(Tuple.Create(model, rows));

    /// <summary>The rows of codes: [batch; numbers in a code] → [batch; inputs].</summary>
    public Core.Tensor Decode(Core.Autoencoder model, Core.Tensor codes) => _decode.Invoke(Tuple.Create(model, codes));

    /// <summary>Rows through their codes: [batch; inputs] → [batch; inputs].</summary>
    public Core.Tensor Reconstruct(Core.Autoencoder model, Core.Tensor rows) => _reconstruct.Invoke(Tuple.Create(model, rows));

    /// <summary>Means over all rows of what training reports.</summary>
    public IReadOnlyDictionary<string, double> Evaluate(Core.Autoencoder model, long seed, int batchSize, DataRows rows) =>
        _evaluate(model, seed, batchSize, rows.Set).ToDictionary(metric => metric.Item1, metric => metric.Item2).AsReadOnly();
}
