using Functional.Core.Engines;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>How likely rows are under restricted Boltzmann machines, with rows made black or white as training makes them.</summary>
internal sealed class LikelihoodPrograms(Engine engine, Core.Binarisation binarisation, long seed)
{
    private readonly FSharpFunc<Tuple<Core.Rbm, Core.Key, Core.Tensor>, Core.Tensor> _freeEnergy = Core.Compiled.compileOn(
        engine,
        FSharpFunc<Tuple<Core.Rbm, Core.Key, Core.Tensor>, Core.Tensor>.FromConverter(asked =>
            Core.RbmModule.freeEnergy(asked.Item1, Core.BinarisationModule.each(binarisation, asked.Item2, asked.Item3))
        )
    );

    /// <summary>log Z, exactly where that can be had; annealed with the means of some rows, and from them, elsewhere.</summary>
    public Core.LogPartition Partition(Core.Rbm rbm, Core.AisOptions options, Core.Key key, DataRows rows) =>
        Core.LogPartitionModule.measureOn(engine, options, key, rbm, Prepared(rows).ToTensor());

    /// <summary>log Z, annealed.</summary>
    public Core.LogPartition Annealed(Core.Rbm rbm, Core.AisOptions options, Core.Key key, DataRows rows) =>
        Core.LogPartitionModule.annealOn(engine, options, key, rbm, Prepared(rows).ToTensor());

    /// <summary>How likely rows are, given log Z.</summary>
    public RowLikelihood Of(Core.Rbm rbm, Core.LogPartition partition, DataRows rows)
    {
        DataRows prepared = Prepared(rows);
        return new RowLikelihood(partition, RowBlocks.Starts(rows.Count).Sum(start => Sum(rbm, prepared, start)) / rows.Count);
    }

    private DataRows Prepared(DataRows rows) => new(binarisation.Once(seed, rows.Set));

    /// <summary>The sum of F over a block of rows.</summary>
    private double Sum(Core.Rbm rbm, DataRows rows, int start)
    {
        (Core.Tensor block, int given) = RowBlocks.Read(rows.Values, rows.RowSize, start);
        Core.Key key = Core.KeyModule.foldIn(start, Keys.Of(seed, Keys.Evidence));
        return _freeEnergy.Invoke(Tuple.Create(rbm, key, block)).ToFloat64s().Take(given).Sum();
    }
}
