using Functional.Core.Engines;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>What can be asked of a variational autoencoder, made into programs at the first use and kept.</summary>
internal sealed class VaeFunctions
{
    private readonly FSharpFunc<Tuple<Core.Vae, Core.Tensor>, Core.Tensor> _encode;
    private readonly FSharpFunc<Tuple<Core.Vae, Core.Tensor>, Core.Tensor> _decode;
    private readonly FSharpFunc<Tuple<Core.Vae, Core.Tensor>, Core.Tensor> _reconstruct;
    private readonly FSharpFunc<Tuple<Core.Vae, int, Core.Key, Core.Tensor>, Core.Tensor> _evidence;
    private readonly Func<Core.Vae, long, int, Core.Dataset, FSharpList<Tuple<string, double>>> _evaluate;

    public VaeFunctions(Engine engine, Core.Objective<Core.Vae> objective)
    {
        FSharpFunc<Tuple<Core.Vae, Core.Tensor>, Core.Tensor> Compile(Func<Core.Vae, Core.Tensor, Core.Tensor> function) =>
            Core.Compiled.compileOn(
                engine,
                FSharpFunc<Tuple<Core.Vae, Core.Tensor>, Core.Tensor>.FromConverter(pair => function(pair.Item1, pair.Item2))
            );

        _encode = Compile((vae, rows) => Core.VaeModule.encode(vae, rows).Item1);
        _decode = Compile(Core.VaeModule.decode);
        _reconstruct = Compile((vae, rows) => Core.VaeModule.decode(vae, Core.VaeModule.encode(vae, rows).Item1));
        _evidence = Core.Compiled.compileOn(
            engine,
            FSharpFunc<Tuple<Core.Vae, int, Core.Key, Core.Tensor>, Core.Tensor>.FromConverter(asked =>
                Core.VaeModule.importanceWeighted(asked.Item1, asked.Item2, asked.Item3, asked.Item4)
            )
        );
        _evaluate = Core.Training<Core.Vae>.Evaluator(engine, objective);
    }

    /// <summary>The mean codes of rows: [batch; inputs] → [batch; latent].</summary>
    public Core.Tensor Encode(Core.Vae vae, Core.Tensor rows) => _encode.Invoke(Tuple.Create(vae, rows));

    /// <summary>The expected rows of codes: [batch; latent] → [batch; inputs].</summary>
    public Core.Tensor Decode(Core.Vae vae, Core.Tensor codes) => _decode.Invoke(Tuple.Create(vae, codes));

    /// <summary>Rows through their mean codes: [batch; inputs] → [batch; inputs].</summary>
    public Core.Tensor Reconstruct(Core.Vae vae, Core.Tensor rows) => _reconstruct.Invoke(Tuple.Create(vae, rows));

    /// <summary>The importance-weighted bound with some draws a row: [batch; inputs] → [batch].</summary>
    public Core.Tensor Evidence(Core.Vae vae, int draws, Core.Key key, Core.Tensor rows) =>
        _evidence.Invoke(Tuple.Create(vae, draws, key, rows));

    /// <summary>Means over all rows of what training reports.</summary>
    public IReadOnlyDictionary<string, double> Evaluate(Core.Vae vae, long seed, int batchSize, DataRows rows) =>
        _evaluate(vae, seed, batchSize, rows.Set).ToDictionary(metric => metric.Item1, metric => metric.Item2).AsReadOnly();
}
