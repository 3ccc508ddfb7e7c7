using Functional.Core.Engines;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>What can be asked of an energy-based model, made into programs at the first use and kept.</summary>
internal sealed class EbmFunctions
{
    private readonly Core.EbmObjective _contrast;
    private readonly FSharpFunc<Tuple<Core.Ebm, Core.Tensor, Core.Key, Core.Tensor>, Core.Tensor> _step;
    private readonly Func<Core.EbmTraining<Core.Ebm>, TrainingOptions, DataRows, IReadOnlyDictionary<string, double>> _evaluate;

    public EbmFunctions(Engine engine, EbmOptions options)
    {
        _contrast = options.Contrast;
        _step = Core.Compiled.compileOn(
            engine,
            FSharpFunc<Tuple<Core.Ebm, Core.Tensor, Core.Key, Core.Tensor>, Core.Tensor>.FromConverter(asked =>
                Step(asked.Item1, asked.Item2, asked.Item3, asked.Item4)
            )
        );
        _evaluate = Programs.Evaluator(engine, ObjectiveOf(options));
        Energies = Programs.Compile<Core.Ebm>(engine, Core.EbmModule.energy);
        Outputs = Programs.Compile<Core.Ebm>(engine, Core.EbmModule.logits);
    }

    /// <summary>The energy of each row: [batch; inputs] → [batch].</summary>
    public Func<Core.Ebm, Core.Tensor, Core.Tensor> Energies { get; }

    /// <summary>The negative energies of the classes: [batch; inputs] → [batch; classes].</summary>
    public Func<Core.Ebm, Core.Tensor, Core.Tensor> Outputs { get; }

    public static Core.Objective<Core.EbmTraining<Core.Ebm>> ObjectiveOf(EbmOptions options) =>
        Core.EbmObjectiveModule.ofNetwork(options.Contrast, options.LabelWeight);

    /// <summary>Means over all rows of what training reports.</summary>
    public IReadOnlyDictionary<string, double> Evaluate(Core.Ebm model, TrainingOptions options, DataRows rows)
    {
        // Held-out rows are compared with chains that begin in noise, so there is nothing to begin with.
        Core.ReplayBuffer none = new(new Core.Carried(Core.Tensor.zeros(Core.DType.Float32, [1, rows.RowSize])));
        return _evaluate(new Core.EbmTraining<Core.Ebm>(model, none), options, rows);
    }

    /// <summary>Chains from noise: where they are before the first step and after each.</summary>
    /// <param name="model">The model.</param>
    /// <param name="labels">The class of each chain, or no labels: rows of any class.</param>
    /// <param name="key">The draws.</param>
    /// <param name="shape">[chains, numbers].</param>
    public IEnumerable<Core.Tensor> Chain(Core.Ebm model, int[] labels, Core.Key key, int[] shape)
    {
        Core.Tensor classes = Core.Tensor.ofInt32s([labels.Length], labels);
        (Core.Key start, Core.Key steps) = Core.KeyModule.pair(key);
        Core.Tensor x = Core.ReplayBufferModule.noise(_contrast.Buffer, start, Core.DType.Float32, shape);
        for (int step = 0; ; step++)
        {
            yield return x;
            x = _step.Invoke(Tuple.Create(model, classes, Core.KeyModule.foldIn(step, steps), x));
        }
    }

    /// <summary>One step of chains down the energies of their classes, or of all classes together where there are no labels.</summary>
    private Core.Tensor Step(Core.Ebm model, Core.Tensor labels, Core.Key key, Core.Tensor x)
    {
        Converter<Core.Tensor, Core.Tensor> energy =
            labels.Count == 0 ? rows => Core.EbmModule.energy(model, rows) : rows => Core.EbmModule.energyOf(labels, model, rows);
        return Core.Langevin.step(_contrast.Chain, FSharpFunc<Core.Tensor, Core.Tensor>.FromConverter(energy), key, x);
    }
}
