using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>
/// A trained restricted Boltzmann machine (Smolensky 1986): immutable, and safe to use from many threads. The code of a row is the
/// probability of each hidden unit given the row; the row of a code is the mean of the visible units given the hidden ones.
/// </summary>
public sealed class RbmModel : LatentModel, ISampler
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
}
