using Functional.Core.Engines;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>The functions of restricted Boltzmann machines, made into programs at the first use and kept.</summary>
internal sealed class RbmFunctions(Engine engine, Core.RbmLearning learning, long seed)
{
    private readonly LatentPrograms<Core.RbmTraining> _programs = new(
        engine,
        Core.RbmObjective.create(learning),
        (training, rows) => Core.RbmModule.hiddenMean(training.Rbm, rows),
        (training, codes) => Core.RbmModule.visibleMean(training.Rbm, codes),
        (training, rows) => Core.RbmModule.reconstruct(training.Rbm, rows)
    );

    private readonly Func<Core.Rbm, Core.Tensor, Core.Tensor> _freeEnergy = Programs.Compile<Core.Rbm>(engine, Core.RbmModule.freeEnergy);

    private readonly FSharpFunc<Tuple<Core.Rbm, Core.Tensor, Core.Tensor>, Core.Tensor> _energy = Core.Compiled.compileOn(
        engine,
        FSharpFunc<Tuple<Core.Rbm, Core.Tensor, Core.Tensor>, Core.Tensor>.FromConverter(asked =>
            Core.RbmModule.energy(asked.Item1, asked.Item2, asked.Item3)
        )
    );

    private readonly FSharpFunc<Tuple<Core.Rbm, int, int, Core.Key>, Core.Tensor> _sample = Core.Compiled.compileOn(
        engine,
        FSharpFunc<Tuple<Core.Rbm, int, int, Core.Key>, Core.Tensor>.FromConverter(asked =>
            Core.RbmModule.sample(asked.Item2, asked.Item4, asked.Item1, asked.Item3)
        )
    );

    /// <summary>How likely rows are.</summary>
    public LikelihoodPrograms Likelihood { get; } = new(engine, learning.Binarisation, seed);

    /// <summary>The functions of one machine; codes are probabilities of hidden units, and rows are measured as training learns them.</summary>
    public LatentFunctions Of(Core.Rbm rbm, RbmOptions options)
    {
        LatentFunctions functions = _programs.Of(new Core.RbmTraining(rbm, null, null), options);
        return functions with { Evaluate = rows => functions.Evaluate(new DataRows(learning.Binarisation.Once(seed, rows.Set))) };
    }

    /// <summary>F of each row.</summary>
    public float[] FreeEnergy(Core.Rbm rbm, ReadOnlySpan<float> values, int width) =>
        RowBlocks.Map(values, width, 1, rows => _freeEnergy(rbm, rows));

    /// <summary>E of each pair of a row and hidden states.</summary>
    public float[] Energy(Core.Rbm rbm, Core.Tensor rows, Core.Tensor hidden) =>
        _energy.Invoke(Tuple.Create(rbm, rows, hidden)).ToFloat32s();

    /// <summary>Rows where chains of some turns end.</summary>
    public float[] Sample(Core.Rbm rbm, int turns, int count, Core.Key key) =>
        _sample.Invoke(Tuple.Create(rbm, turns, count, key)).ToFloat32s();
}
