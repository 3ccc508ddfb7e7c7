using Functional.Core.Engines;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>The functions of variational autoencoders, made into programs at the first use and kept.</summary>
internal sealed class VaeFunctions
{
    /// <summary>Draws in one program; more are asked for in several.</summary>
    private const int DrawsAtOnce = 10;

    private readonly Core.Binarisation _binarisation;
    private readonly long _seed;
    private readonly LatentPrograms<Core.Vae> _programs;
    private readonly FSharpFunc<Tuple<Core.Vae, int, Core.Key, Core.Tensor>, Core.Tensor> _evidence;

    public VaeFunctions(Engine engine, Core.VaeObjective training, long seed)
    {
        _binarisation = training.Binarisation;
        _seed = seed;
        _programs = new LatentPrograms<Core.Vae>(
            engine,
            Core.VaeObjectiveModule.create(training),
            (vae, rows) => Core.VaeModule.encode(vae, rows).Item1,
            Core.VaeModule.decode,
            (vae, rows) => Core.VaeModule.decode(vae, Core.VaeModule.encode(vae, rows).Item1)
        );
        _evidence = Core.Compiled.compileOn(
            engine,
            FSharpFunc<Tuple<Core.Vae, int, Core.Key, Core.Tensor>, Core.Tensor>.FromConverter(asked =>
                Core.VaeModule.importanceWeighted(asked.Item1, asked.Item2, asked.Item3, asked.Item4)
            )
        );
    }

    /// <summary>The functions of one model; codes are means, and rows are measured as training learns them.</summary>
    public LatentFunctions Of(Core.Vae vae, TrainingOptions options)
    {
        LatentFunctions functions = _programs.Of(vae, options);
        return functions with { Evaluate = rows => functions.Evaluate(new DataRows(Prepared(rows))) };
    }

    /// <summary>The mean over all rows of the importance-weighted bound on log p(x) with some draws a row.</summary>
    public double LogLikelihood(Core.Vae vae, DataRows rows, int samples, Core.Key key)
    {
        Core.Dataset set = Prepared(rows);
        return RowBlocks.Starts(set.Count).Sum(start => SumOfEvidence(vae, set, start, samples, Core.KeyModule.foldIn(start, key)))
            / set.Count;
    }

    private Core.Dataset Prepared(DataRows rows) => _binarisation.Once(_seed, rows.Set);

    /// <summary>log (1/k) Σ wᵢ of each row of a block, summed; the draws come in groups, each with the mean of its own weights.</summary>
    private double SumOfEvidence(Core.Vae vae, Core.Dataset set, int start, int samples, Core.Key key)
    {
        (Core.Tensor levels, int given) = RowBlocks.Read(set.Features, set.RowSize, start);
        Core.Tensor block = Core.BinarisationModule.each(_binarisation, Core.KeyModule.foldIn(Keys.Pixels, key), levels);
        double[] total = new double[given];
        Array.Fill(total, double.NegativeInfinity);
        for (int done = 0; done < samples; done += DrawsAtOnce)
        {
            int draws = Math.Min(DrawsAtOnce, samples - done);
            double[] group = _evidence.Invoke(Tuple.Create(vae, draws, Core.KeyModule.foldIn(done, key), block)).ToFloat64s();
            for (int row = 0; row < given; row++)
                total[row] = LogSum(total[row], group[row] + Math.Log(draws));
        }

        return total.Sum(value => value - Math.Log(samples));
    }

    private static double LogSum(double a, double b) =>
        double.IsNegativeInfinity(a) ? b : Math.Max(a, b) + Math.Log(1 + Math.Exp(-Math.Abs(a - b)));
}
