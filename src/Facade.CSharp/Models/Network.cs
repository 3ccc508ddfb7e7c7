using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>
/// A trained classifier: a network of layers whose last gives one number a class. It is immutable, and safe to use from many threads.
/// </summary>
public sealed class Network : TrainedModel, IEncoder
{
    private readonly Core.Classifier _classifier;
    private readonly ClassifierFunctions _functions;
    private readonly int _features;

    internal Network(
        string kind,
        Core.Classifier classifier,
        ClassifierFunctions functions,
        ClassifierOptions options,
        IReadOnlyList<int> rowShape,
        History history
    )
        : base(kind, options, rowShape, history)
    {
        _classifier = classifier;
        _functions = functions;
        // Nothing is computed: a tensor knows its shape before its elements.
        _features = Core.ClassifierModule.features(classifier, Core.Tensor.zeros(Core.DType.Float32, [1, RowSize])).Count;
    }

    /// <summary>What it was trained with; the number of classes among it.</summary>
    public new ClassifierOptions Options => (ClassifierOptions)base.Options;

    /// <summary>The number of classes.</summary>
    public int Classes => Options.Classes;

    /// <summary>The layers as text, in order.</summary>
    public string Layers => Options.Network.ToString();

    /// <summary>The most probable class of a row.</summary>
    /// <exception cref="ArgumentException">the row has another size than the network's.</exception>
    public int Predict(ReadOnlySpan<float> row) => Largest(Probabilities(row));

    /// <summary>The most probable class of each row.</summary>
    /// <exception cref="ArgumentException">there are no rows, or they have another size than the network's.</exception>
    public int[] Predict(DataRows rows) => [.. All("Predict", rows).Chunk(Classes).Select(row => Largest(row))];

    /// <summary>The probability of each class for a row.</summary>
    /// <exception cref="ArgumentException">the row has another size than the network's.</exception>
    public float[] Probabilities(ReadOnlySpan<float> row)
    {
        CheckRows("Probabilities", 1, row.Length);
        return Probable(row);
    }

    /// <summary>The probability of each class for each row: [rows, classes].</summary>
    /// <exception cref="ArgumentException">there are no rows, or they have another size than the network's.</exception>
    public float[,] Probabilities(DataRows rows) => Matrix(All("Probabilities", rows), Classes);

    /// <summary>What the last dense layer sees of a row.</summary>
    /// <exception cref="ArgumentException">the row has another size than the network's.</exception>
    public float[] Encode(ReadOnlySpan<float> row)
    {
        CheckRows("Encode", 1, row.Length);
        return Features(row);
    }

    /// <summary>What the last dense layer sees of each row: [rows, features].</summary>
    /// <exception cref="ArgumentException">there are no rows, or they have another size than the network's.</exception>
    public float[,] Encode(DataRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckRows("Encode", rows.Count, rows.RowSize);
        return Matrix(Features(rows.Values), _features);
    }

    /// <summary>The loss and the accuracy (0 to 1) over rows with labels.</summary>
    /// <exception cref="ArgumentException">there are no rows or no labels, or rows have another size than the network's.</exception>
    public override IReadOnlyDictionary<string, double> Evaluate(DataRows rows)
    {
        CheckLabels("Evaluate", rows);
        return _functions.Evaluate(_classifier, Options, rows);
    }

    /// <summary>How often each class was taken for each: [label, predicted] counts rows.</summary>
    /// <exception cref="ArgumentException">there are no rows or no labels, or rows have another size than the network's.</exception>
    public int[,] Confusion(DataRows rows) => Confused(rows).Counts;

    /// <summary>The errors of each class, by its name where the rows know it.</summary>
    /// <exception cref="ArgumentException">there are no rows or no labels, or rows have another size than the network's.</exception>
    public IReadOnlyList<ClassErrors> ErrorsByClass(DataRows rows)
    {
        Core.Confusion confusion = Confused(rows);
        int[] counts = Core.ConfusionModule.rowsByClass(confusion);
        int[] errors = Core.ConfusionModule.errorsByClass(confusion);
        return [.. counts.Select((count, label) => new ClassErrors(NameOf(rows, label), count, errors[label]))];
    }

    /// <summary>The share of rows whose label is among the <paramref name="k"/> most probable classes; of equal ones the lower counts as
    /// more probable.</summary>
    /// <param name="rows">Rows with labels.</param>
    /// <param name="k">1 up to the number of classes.</param>
    /// <exception cref="ArgumentException">k is out of range, there are no rows or no labels, or rows have another size.</exception>
    public double TopK(DataRows rows, int k)
    {
        CheckLabels("TopK", rows);
        if (k < 1 || k > Classes)
            Core.Errors.option<Unit>("TopK: k", $"{k}", $"1 to {Classes}, the classes", "");
        IEnumerable<float[]> probabilities = Probable(rows.Values).Chunk(Classes);
        return probabilities.Zip(rows.Labels!).Average(pair => RankOf(pair.Second, pair.First) < k ? 1.0 : 0.0);
    }

    /// <inheritdoc/>
    public override void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ModelFile.Save(path, this, _classifier);
    }

    /// <summary>How many classes are more probable than one.</summary>
    private static int RankOf(int label, float[] probabilities) =>
        probabilities.Where((other, index) => other > probabilities[label] || (other == probabilities[label] && index < label)).Count();

    private static int Largest(ReadOnlySpan<float> numbers) => System.Numerics.Tensors.TensorPrimitives.IndexOfMax(numbers);

    private static string NameOf(DataRows rows, int label) =>
        rows.Classes is { } names && label < names.Count ? names[label] : label.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static float[,] Matrix(float[] numbers, int columns)
    {
        float[,] matrix = new float[numbers.Length / columns, columns];
        Buffer.BlockCopy(numbers, 0, matrix, 0, numbers.Length * sizeof(float));
        return matrix;
    }

    private Core.Confusion Confused(DataRows rows)
    {
        CheckLabels("Confusion", rows);
        return Core.ConfusionModule.create(Classes, [.. rows.Labels!], Predict(rows));
    }

    private float[] All(string operation, DataRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckRows(operation, rows.Count, rows.RowSize);
        return Probable(rows.Values);
    }

    private void CheckLabels(string operation, DataRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckRows(operation, rows.Count, rows.RowSize);
        Core.ClassifierModule.check(Classes, rows.Set);
    }

    private float[] Probable(ReadOnlySpan<float> rows) =>
        RowBlocks.Map(rows, RowSize, Classes, block => _functions.Probabilities(_classifier, block));

    private float[] Features(ReadOnlySpan<float> rows) =>
        RowBlocks.Map(rows, RowSize, _features, block => _functions.Features(_classifier, block));
}

/// <summary>How many rows of a class were taken for another.</summary>
/// <param name="Name">The class.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Errors">Those of them that were taken for another.</param>
public sealed record ClassErrors(string Name, int Rows, int Errors)
{
    /// <summary>Errors/Rows, 0 to 1; not a number when there are no rows.</summary>
    public double Rate => (double)Errors / Rows;
}
