using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>
/// A trained deep belief net (Hinton, Osindero &amp; Teh 2006): immutable, and safe to use from many threads. The code of a row is the
/// probability of each hidden unit of the top layer; the row of a code is the mean of the visible units, both layer by layer.
/// </summary>
public sealed class DbnModel : LatentModel, ISampler
{
    private readonly Core.Dbn _dbn;
    private readonly DbnFunctions _functions;

    internal DbnModel(Core.Dbn dbn, DbnFunctions functions, DbnOptions options, IReadOnlyList<int> rowShape, History history)
        : base(DbnKind.KindName, functions.Of(dbn, options), Core.DbnModule.topCount(dbn), options, rowShape, history)
    {
        _dbn = dbn;
        _functions = functions;
        Classifier = dbn.Head is null ? null : AsNetwork();
    }

    /// <summary>What it was trained with; the number of classes among it.</summary>
    public new DbnOptions Options => (DbnOptions)base.Options;

    /// <summary>The same layers as a perceptron, with probabilities, confusion and a file of their own; null when the net learnt no labels.</summary>
    public Network? Classifier { get; }

    /// <summary>The most probable class of a row.</summary>
    /// <exception cref="ArgumentException">the row has another size than the model's.</exception>
    /// <exception cref="InvalidOperationException">the net learnt no labels.</exception>
    public int Predict(ReadOnlySpan<float> row) => Labelled("Predict").Predict(row);

    /// <summary>The most probable class of each row.</summary>
    /// <exception cref="ArgumentException">there are no rows, or they have another size than the model's.</exception>
    /// <exception cref="InvalidOperationException">the net learnt no labels.</exception>
    public int[] Predict(DataRows rows) => Labelled("Predict").Predict(rows);

    /// <summary>What the units of the first layer look for: the weights of each as a picture of the shape of a row, from 0 for the least
    /// weight to 1 for the greatest.</summary>
    public DataRows FeatureMaps() => Functional.FeatureMaps.Of(Core.RbmModule.features(_dbn.Layers.Head), RowShape);

    /// <summary>New rows, by chains of 1000 turns.</summary>
    /// <inheritdoc cref="Sample(int, int, long)"/>
    public DataRows Sample(int count, long seed = 0) => Sample(count, turns: 1000, seed);

    /// <summary>
    /// New rows: Gibbs chains between the two layers of the top, then one pass down to the means of the visible units. What was learnt of
    /// labels has changed the weights, so a net that learnt none draws better.
    /// </summary>
    /// <param name="count">1 or more.</param>
    /// <param name="turns">How long the chains are, 1 or more.</param>
    /// <param name="seed">The same seed gives the same rows.</param>
    /// <exception cref="ArgumentException">the count or the turns are below 1.</exception>
    public DataRows Sample(int count, int turns, long seed)
    {
        if (count < 1)
            Core.Errors.option<Unit>("Sample: count", $"{count}", "1 or more", "");
        CheckTurns(turns);
        return Rows("samples", _functions.Sample(_dbn, turns, count, Keys.Of(seed, Keys.Samples)));
    }

    /// <summary>
    /// As <see cref="Sample(int, int, long)"/>, by chains that begin at what the layers make of rows: they stay near them for a while, which
    /// shows what the net holds where chains from even odds take long to come.
    /// </summary>
    /// <param name="rows">One row or more; each is where a chain begins.</param>
    /// <param name="turns">How long the chains are, 1 or more.</param>
    /// <param name="seed">The same seed gives the same rows.</param>
    /// <exception cref="ArgumentException">there are no rows, they have another size than the model's, or the turns are below 1.</exception>
    public DataRows SampleFrom(DataRows rows, int turns = 100, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckRows("SampleFrom", rows.Count, rows.RowSize);
        CheckTurns(turns);
        return Rows("samples", _functions.SampleFrom(_dbn, turns, rows.ToTensor(), Keys.Of(seed, Keys.Samples)));
    }

    /// <inheritdoc/>
    public override void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ModelFile.Save(path, this, _dbn);
    }

    private static void CheckTurns(int turns)
    {
        if (turns < 1)
            Core.Errors.option<Unit>("Sample: turns", $"{turns}", "1 or more", "");
    }

    private Network Labelled(string operation) =>
        Classifier ?? Core.Errors.state<Network>(operation, "a net that learnt no labels", "one that did", "train it on rows with labels");

    private Network AsNetwork()
    {
        MlpOptions options = new()
        {
            Hidden = Options.Hidden,
            Activation = Activation.Sigmoid,
            Dropout = Options.Dropout,
            Classes = Options.Classes,
            BatchSize = Options.BatchSize,
            Seed = Options.Seed,
            Threads = Options.Threads,
            Engine = Options.Engine,
        };
        return new ClassifierKind(Models.Mlp.Name, options).Wrap(Core.DbnModule.classifier(Options.Dropout, _dbn), RowShape, History);
    }
}
