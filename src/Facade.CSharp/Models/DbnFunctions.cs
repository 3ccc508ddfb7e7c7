using Functional.Core.Engines;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>The functions of deep belief nets, made into programs at the first use and kept.</summary>
internal sealed class DbnFunctions(Engine engine, Core.Objective<Core.DbnTraining> objective)
{
    private readonly LatentPrograms<Core.DbnTraining> _programs = new(
        engine,
        objective,
        (training, rows) => Core.DbnModule.encode(training.Net, rows),
        (training, codes) => Core.DbnModule.decode(training.Net, codes),
        (training, rows) => Core.DbnModule.reconstruct(training.Net, rows)
    );

    private readonly FSharpFunc<Tuple<Core.Dbn, int, int, Core.Key>, Core.Tensor> _sample = Core.Compiled.compileOn(
        engine,
        FSharpFunc<Tuple<Core.Dbn, int, int, Core.Key>, Core.Tensor>.FromConverter(asked =>
            Core.DbnModule.sample(asked.Item2, asked.Item4, asked.Item1, asked.Item3)
        )
    );

    private readonly FSharpFunc<Tuple<Core.Dbn, int, Core.Tensor, Core.Key>, Core.Tensor> _sampleFrom = Core.Compiled.compileOn(
        engine,
        FSharpFunc<Tuple<Core.Dbn, int, Core.Tensor, Core.Key>, Core.Tensor>.FromConverter(asked =>
            Core.DbnModule.sampleFrom(asked.Item2, asked.Item4, asked.Item1, asked.Item3)
        )
    );

    /// <summary>The functions of one net; codes are probabilities of the top's hidden units.</summary>
    public LatentFunctions Of(Core.Dbn dbn, DbnOptions options) => _programs.Of(new Core.DbnTraining(dbn, null), options);

    /// <summary>Rows where chains of some turns end, passed down.</summary>
    public float[] Sample(Core.Dbn dbn, int turns, int count, Core.Key key) =>
        _sample.Invoke(Tuple.Create(dbn, turns, count, key)).ToFloat32s();

    /// <summary>As <see cref="Sample"/>, by chains that begin at rows.</summary>
    public float[] SampleFrom(Core.Dbn dbn, int turns, Core.Tensor rows, Core.Key key) =>
        _sampleFrom.Invoke(Tuple.Create(dbn, turns, rows, key)).ToFloat32s();
}
