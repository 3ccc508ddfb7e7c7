using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>
/// A trained energy-based model: immutable, and safe to use from many threads. Rows are likely where their energy is low,
/// p(x) ∝ e^(−E(x)); what p(x) is stays unknown, because nobody knows the sum over all rows.
/// </summary>
public sealed class EbmModel : TrainedModel, ISampler, IClassSampler, IEnergy, IChains
{
    /// <summary>Chains that run together.</summary>
    private const int Chains = 128;

    private readonly Core.Ebm _model;
    private readonly EbmFunctions _functions;
    private readonly Core.Canvas _canvas;
    private readonly int _inputs;

    internal EbmModel(
        Core.Ebm model,
        EbmFunctions functions,
        Core.Canvas canvas,
        EbmOptions options,
        IReadOnlyList<int> rowShape,
        History history
    )
        : base(EbmKind.KindName, options, rowShape, history)
    {
        _model = model;
        _functions = functions;
        _canvas = canvas;
        _inputs = Functional.RowShape.Size(canvas.Shape);
    }

    /// <summary>What it was trained with; the number of classes among it.</summary>
    public new EbmOptions Options => (EbmOptions)base.Options;

    /// <summary>The energy of a row.</summary>
    /// <exception cref="ArgumentException">the row has another size than the model's.</exception>
    public float Energy(ReadOnlySpan<float> row)
    {
        CheckRows("Energy", 1, row.Length);
        return Energies(DataRows.Of(row, [.. RowShape]))[0];
    }

    /// <inheritdoc/>
    public float[] Energy(DataRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckRows("Energy", rows.Count, rows.RowSize);
        return Energies(rows);
    }

    /// <summary>The energy of each row as one of a class.</summary>
    /// <exception cref="ArgumentException">there is no such class, there are no rows, or they have another size than the model's.</exception>
    public float[] Energy(DataRows rows, int label)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckRows("Energy", rows.Count, rows.RowSize);
        CheckLabel("Energy", label);
        float[] outputs = Map(rows, Options.Classes, _functions.Outputs);
        return [.. Enumerable.Range(0, rows.Count).Select(row => -outputs[row * Options.Classes + label])];
    }

    /// <inheritdoc/>
    public double Auroc(DataRows rows, DataRows others) =>
        Core.Auroc.ofScores([.. Energy(rows).Select(energy => (double)energy)], [.. Energy(others).Select(energy => (double)energy)]);

    /// <inheritdoc/>
    public DataRows Noise(int count, long seed = 0)
    {
        CheckCount("Noise", count);
        Core.Tensor noise = Core.Sample.uniform(Keys.Of(seed, Keys.Noise), Core.DType.Float32, [count, RowSize]);
        return DataRows.Wrap("noise", noise.ToFloat32s(), [.. RowShape]);
    }

    /// <summary>New rows: the ends of chains from noise. The first rows do not depend on the count.</summary>
    /// <param name="count">1 or more.</param>
    /// <param name="seed">The same seed gives the same rows.</param>
    /// <exception cref="ArgumentException">the count is below 1.</exception>
    public DataRows Sample(int count, long seed = 0)
    {
        CheckCount("Sample", count);
        return Ends(count, label: null, seed);
    }

    /// <summary>New rows of one class.</summary>
    /// <param name="label">The class.</param>
    /// <param name="count">1 or more.</param>
    /// <param name="seed">The same seed gives the same rows.</param>
    /// <exception cref="ArgumentException">there is no such class, or the count is below 1.</exception>
    public DataRows SampleOf(int label, int count, long seed = 0)
    {
        CheckCount("SampleOf", count);
        CheckLabel("SampleOf", label);
        return Ends(count, label, seed);
    }

    /// <inheritdoc/>
    public DataRows Trajectory(int count, int pictures = 12, long seed = 0)
    {
        CheckCount("Trajectory", count);
        if (pictures < 2)
            Core.Errors.option<Unit>("Trajectory: pictures", $"{pictures}", "2 or more", "");
        int[] steps = [.. Enumerable.Range(0, pictures).Select(i => (int)((long)i * Options.SampleSteps / (pictures - 1)))];
        float[][] places = Places(count, label: null, seed, steps);
        IEnumerable<float[]> ways = Enumerable.Range(0, count).SelectMany(chain => places.Select(place => place[Row(chain)]));
        return DataRows.Wrap("trajectories", [.. ways.SelectMany(row => row)], [.. RowShape]);
    }

    /// <summary>
    /// Means over rows of loss, cdiv, reg, energy_real, energy_fake, energy_noise and saturation, with fakes whose chains begin in noise;
    /// with classes also cross_entropy and accuracy.
    /// </summary>
    /// <exception cref="ArgumentException">there are no rows, they have another size than the model's, or they have no labels that it needs.</exception>
    public override IReadOnlyDictionary<string, double> Evaluate(DataRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckRows("Evaluate", rows.Count, rows.RowSize);
        if (Options.Classes > 0)
            Core.ClassifierModule.check(Options.Classes, rows.Set);
        return _functions.Evaluate(_model, Options, new DataRows(Core.CanvasModule.place(_canvas, rows.Set)));
    }

    /// <inheritdoc/>
    public override void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ModelFile.Save(path, this, _model);
    }

    private DataRows Ends(int count, int? label, long seed) =>
        DataRows.Wrap("samples", Places(count, label, seed, [Options.SampleSteps])[0], [.. RowShape]);

    /// <summary>Where chains from noise are after so many steps: for each number of steps the images of all chains.</summary>
    private float[][] Places(int count, int? label, long seed, int[] steps)
    {
        float[][] places = [.. steps.Select(_ => new float[count * RowSize])];
        int together = Math.Min(Chains, count);
        int[] labels = label is int one ? [.. Enumerable.Repeat(one, together)] : [];
        for (int start = 0; start < count; start += together)
        {
            Core.Key key = Core.KeyModule.foldIn(start, Keys.Of(seed, Keys.Samples));
            int given = Math.Min(together, count - start) * RowSize;
            int step = 0;
            foreach (Core.Tensor rows in _functions.Chain(_model, labels, key, [together, _inputs]).Take(steps[^1] + 1))
            {
                foreach (int place in Enumerable.Range(0, steps.Length).Where(place => steps[place] == step))
                    Core.CanvasModule.cut(_canvas, rows.ToFloat32s()).AsSpan(0, given).CopyTo(places[place].AsSpan(start * RowSize));
                step++;
            }
        }

        return places;
    }

    private float[] Energies(DataRows rows) => Map(rows, 1, _functions.Energies);

    private float[] Map(DataRows rows, int width, Func<Core.Ebm, Core.Tensor, Core.Tensor> function) =>
        RowBlocks.Map(Core.CanvasModule.place(_canvas, rows.Set).Features, _inputs, width, block => function(_model, block));

    private Range Row(int index) => (index * RowSize)..((index + 1) * RowSize);

    private void CheckLabel(string operation, int label)
    {
        if (label < 0 || label >= Options.Classes)
            Core.Errors.option<Unit>(
                $"{operation}: label",
                $"{label}",
                Options.Classes > 0 ? $"0 to {Options.Classes - 1}, the classes" : "no label",
                Options.Classes > 0 ? "" : "train with label-weight=1"
            );
    }

    private static void CheckCount(string operation, int count)
    {
        if (count < 1)
            Core.Errors.option<Unit>($"{operation}: count", $"{count}", "1 or more", "");
    }
}
