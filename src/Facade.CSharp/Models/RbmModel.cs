using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>
/// A trained restricted Boltzmann machine (Smolensky 1986): immutable, and safe to use from many threads. The code of a row is the
/// probability of each hidden unit given the row; the row of a code is the mean of the visible units given the hidden ones.
/// </summary>
public sealed class RbmModel : LatentModel, ISampler, IDensity
{
    private readonly Core.Rbm _rbm;
    private readonly RbmFunctions _functions;

    internal RbmModel(Core.Rbm rbm, RbmFunctions functions, RbmOptions options, IReadOnlyList<int> rowShape, History history)
        : base(RbmKind.KindName, functions.Of(rbm, options), options.Hidden, options, rowShape, history)
    {
        _rbm = rbm;
        _functions = functions;
    }

    /// <summary>What it was trained with.</summary>
    public new RbmOptions Options => (RbmOptions)base.Options;

    /// <summary>What the hidden units look for: the weights of each as a picture of the shape of a row, from 0 for the least weight to 1
    /// for the greatest.</summary>
    public DataRows FeatureMaps() => Functional.FeatureMaps.Of(Core.RbmModule.features(_rbm), RowShape);

    /// <summary>The free energy F(v) = −log Σ e^(−E(v, h)) over hidden states of each row, in nats: the less, the likelier; p(v) is
    /// proportional to e^(−F).</summary>
    /// <param name="rows">One row or more.</param>
    /// <exception cref="ArgumentException">there are no rows, or they have another size than the model's.</exception>
    public float[] FreeEnergy(DataRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckRows("FreeEnergy", rows.Count, rows.RowSize);
        return _functions.FreeEnergy(_rbm, rows.Values, RowSize);
    }

    /// <summary>The energy E(v, h) of each row with hidden states, in nats.</summary>
    /// <param name="rows">One row or more.</param>
    /// <param name="hidden">Their hidden states: [rows, hidden units].</param>
    /// <exception cref="ArgumentException">there are no rows, or sizes are not those of the model or of each other.</exception>
    public float[] Energy(DataRows rows, float[,] hidden)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(hidden);
        CheckRows("Energy", rows.Count, rows.RowSize);
        (int count, int size) = (hidden.GetLength(0), hidden.GetLength(1));
        if (count != rows.Count || size != CodeSize)
            Core.Errors.option<Unit>("Energy: hidden", $"{count} states of {size} numbers", $"{rows.Count} of {CodeSize}", "");
        return _functions.Energy(_rbm, rows.ToTensor(), Core.Tensor.ofFloat32s([count, size], Matrix.Values(hidden)));
    }

    /// <summary>How likely rows are: exactly where one layer has at most 20 units (the hidden one, of Gaussian visible units), or else as
    /// <see cref="AnnealedLikelihood"/> has it.</summary>
    /// <inheritdoc cref="AnnealedLikelihood"/>
    public RowLikelihood Likelihood(DataRows rows, int chains = 100, int temperatures = 14_500, long seed = 0)
    {
        Core.AisOptions options = CheckAnnealing("Likelihood", rows, chains, temperatures);
        return Likelihood(rows, _functions.Likelihood.Partition(_rbm, options, Keys.Of(seed, Keys.Evidence), rows));
    }

    /// <summary>How likely rows are by annealed importance sampling from both sides, with the means of the rows in the base machine, and
    /// samples of the model from chains that begin at some of the rows.</summary>
    /// <param name="rows">One row or more.</param>
    /// <param name="chains">Chains on each side, 2 or more.</param>
    /// <param name="temperatures">Steps of the inverse temperature, 1 or more.</param>
    /// <param name="seed">The same seed gives the same draws.</param>
    /// <exception cref="ArgumentException">there are no rows, they have another size than the model's, or a number is too small.</exception>
    public RowLikelihood AnnealedLikelihood(DataRows rows, int chains = 100, int temperatures = 14_500, long seed = 0)
    {
        Core.AisOptions options = CheckAnnealing("AnnealedLikelihood", rows, chains, temperatures);
        return Likelihood(rows, _functions.Likelihood.Annealed(_rbm, options, Keys.Of(seed, Keys.Evidence), rows));
    }

    /// <summary>The mean over rows of log p(x), in nats, exactly or in the middle of its bracket.</summary>
    /// <param name="rows">One row or more.</param>
    /// <param name="samples">Chains of the annealing on each side, 2 or more.</param>
    /// <param name="seed">The same seed gives the same draws.</param>
    /// <exception cref="ArgumentException">there are no rows, they have another size than the model's, or samples are too few.</exception>
    public double LogLikelihood(DataRows rows, int samples = 100, long seed = 0) => Likelihood(rows, samples, seed: seed).LogLikelihood;

    IReadOnlyDictionary<string, double> IDensity.Likelihoods(DataRows rows, int samples, long seed) =>
        Likelihood(rows, samples, seed: seed).Metrics.ToDictionary(metric => metric.Name, metric => metric.Value);

    /// <inheritdoc/>
    /// <remarks>The likelihood is among it where it is exact.</remarks>
    public override IReadOnlyDictionary<string, double> Evaluate(DataRows rows)
    {
        IReadOnlyDictionary<string, double> metrics = base.Evaluate(rows);
        return Core.Partition.isEnumerable(_rbm)
            ? metrics
                .Concat(((IDensity)this).Likelihoods(rows, samples: 100, seed: 0))
                .ToDictionary(metric => metric.Key, metric => metric.Value)
            : metrics;
    }

    /// <summary>New rows, by chains of 200 turns.</summary>
    /// <inheritdoc cref="Sample(int, int, long)"/>
    public DataRows Sample(int count, long seed = 0) => Sample(count, turns: 200, seed);

    /// <summary>
    /// New rows: the means of the visible units at the ends of Gibbs chains, which begin at hidden states of even odds. The first rows do not
    /// depend on the count.
    /// </summary>
    /// <param name="count">1 or more.</param>
    /// <param name="turns">How long the chains are, 1 or more.</param>
    /// <param name="seed">The same seed gives the same rows.</param>
    /// <exception cref="ArgumentException">the count or the turns are below 1.</exception>
    public DataRows Sample(int count, int turns, long seed)
    {
        if (count < 1)
            Core.Errors.option<Unit>("Sample: count", $"{count}", "1 or more", "");
        if (turns < 1)
            Core.Errors.option<Unit>("Sample: turns", $"{turns}", "1 or more", "");
        return Rows("samples", _functions.Sample(_rbm, turns, count, Keys.Of(seed, Keys.Samples)));
    }

    /// <inheritdoc/>
    public override void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ModelFile.Save(path, this, _rbm);
    }

    private RowLikelihood Likelihood(DataRows rows, Core.LogPartition partition) => _functions.Likelihood.Of(_rbm, partition, rows);

    private Core.AisOptions CheckAnnealing(string operation, DataRows rows, int chains, int temperatures)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckRows(operation, rows.Count, rows.RowSize);
        if (chains < 2)
            Core.Errors.option<Unit>($"{operation}: chains", $"{chains}", "2 or more", "");
        if (temperatures < 1)
            Core.Errors.option<Unit>($"{operation}: temperatures", $"{temperatures}", "1 or more", "");
        return new Core.AisOptions(chains, temperatures, Core.Ais.defaults.BurnIn);
    }
}
