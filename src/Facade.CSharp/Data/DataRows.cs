using System.Numerics.Tensors;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>An immutable set of rows of one shape, with labels when it has them: what models learn from, and what they give back.</summary>
public sealed class DataRows
{
    private readonly Lazy<string> _sha256;

    internal DataRows(Core.Dataset set, DataOrigin? origin = null)
    {
        Set = set;
        Origin = origin;
        RowShape = Array.AsReadOnly(set.Shape);
        Labels = set.Labels is { } labels ? Array.AsReadOnly(labels.Value) : null;
        _sha256 = new Lazy<string>(() => set.Sha256.Length > 0 ? set.Sha256 : Core.DatasetModule.contentHash(set));
    }

    internal Core.Dataset Set { get; }

    /// <summary>How to find the rows again, when they came from <see cref="Datasets"/>.</summary>
    internal DataOrigin? Origin { get; }

    /// <summary>What the set is called.</summary>
    public string Name => Set.Name;

    /// <summary>Where the rows came from, in words.</summary>
    public string Source => Set.Source;

    /// <summary>The number of rows.</summary>
    public int Count => Set.Count;

    /// <summary>The shape of one row: [28, 28] for an image, [2] for a point.</summary>
    public IReadOnlyList<int> RowShape { get; }

    /// <summary>Numbers in one row.</summary>
    public int RowSize => Set.RowSize;

    /// <summary>Whether rows are images: [height, width], or [channels, height, width] with 1 or 3 channels.</summary>
    public bool AreImages => RowShape is [_, _] or [1 or 3, _, _];

    /// <summary>One label a row, where there are labels.</summary>
    public IReadOnlyList<int>? Labels { get; }

    /// <summary>The names of the classes by label, where they are known.</summary>
    public IReadOnlyList<string>? Classes => Set.Classes?.Value;

    /// <summary>SHA-256 of the files that the rows were read from, or of the rows themselves; 64 hexadecimal digits.</summary>
    public string Sha256 => _sha256.Value;

    /// <summary>Row <paramref name="index"/>, counted from 0, without a copy.</summary>
    /// <exception cref="ArgumentOutOfRangeException">there is no such row.</exception>
    public ReadOnlySpan<float> this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return Values.Slice(index * RowSize, RowSize);
        }
    }

    /// <summary>All numbers, row after row.</summary>
    public ReadOnlySpan<float> Values => Set.Features;

    /// <summary>Rows of <paramref name="rowShape"/> that lie one after the other; the numbers are copied.</summary>
    /// <exception cref="ArgumentException">the numbers do not make whole rows, or one is not finite.</exception>
    public static DataRows Of(ReadOnlySpan<float> values, params ReadOnlySpan<int> rowShape) =>
        Wrap("rows", values.ToArray(), rowShape.ToArray());

    /// <summary>The rows of a matrix, copied.</summary>
    /// <exception cref="ArgumentException">a number is not finite.</exception>
    public static implicit operator DataRows(float[,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Wrap("rows", Matrix.Values(values), [values.GetLength(1)]);
    }

    /// <summary>The rows of a tensor along its first axis, copied; the other axes are the shape of a row.</summary>
    /// <exception cref="ArgumentException">the tensor has fewer than two axes, or a number is not finite.</exception>
    public static implicit operator DataRows(Tensor<float> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Rank < 2)
            throw new ArgumentException(
                $"rows: found a tensor of {values.Rank} axes, expected two or more, the first of rows.",
                nameof(values)
            );
        float[] copy = new float[values.FlattenedLength];
        values.FlattenTo(copy);
        return Wrap("rows", copy, [.. values.Lengths[1..].ToArray().Select(length => (int)length)]);
    }

    /// <summary>The first <paramref name="count"/> rows, or all when there are fewer.</summary>
    public DataRows Take(int count) => new(Core.DatasetModule.take(Math.Max(0, count), Set));

    /// <summary>
    /// The rows in two parts, dealt at random: the first has the whole number of rows that is <paramref name="fraction"/> of all or just
    /// below. To hold rows back for validation: <c>(DataRows train, DataRows validation) = rows.Split(0.9)</c>.
    /// </summary>
    /// <param name="fraction">Between 0 and 1, so that both parts have rows.</param>
    /// <param name="seed">The same seed gives the same parts.</param>
    /// <exception cref="ArgumentException">a part would have no rows.</exception>
    public (DataRows First, DataRows Second) Split(double fraction, long seed = Datasets.UsualSeed)
    {
        Core.Dataset shuffled = Core.DatasetModule.shuffle(Core.KeyModule.words(Keys.Of(seed, Keys.Split)), Set);
        (Core.Dataset first, Core.Dataset rest) = Core.DatasetModule.split(fraction, shuffled);
        if (first.Count == 0 || rest.Count == 0)
            Core.Errors.option<Unit>(
                "fraction",
                $"{fraction} of {Count} rows",
                "a number between 0 and 1 that leaves rows in both parts",
                ""
            );
        return (Derived(first), Derived(rest));
    }

    /// <summary>
    /// The rows scaled number by number, (x − least) / (most − least) with the least and the most in <paramref name="reference"/>, whose rows
    /// then range from 0 to 1. A number that is the same in all its rows is moved and not stretched.
    /// </summary>
    /// <param name="reference">The training rows, for these as for those held out.</param>
    /// <exception cref="ArgumentException">its rows have another shape, or there are none.</exception>
    public DataRows Rescale(DataRows reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return Derived(Core.DatasetModule.rescale(reference.Set, Set));
    }

    /// <summary>The rows with a weight each: how much it counts in training.</summary>
    /// <param name="weights">Finite numbers of 0 or more, one for each row.</param>
    /// <exception cref="ArgumentException">a weight is missing, negative or not finite.</exception>
    public DataRows WithWeights(params ReadOnlySpan<float> weights) => Derived(Core.DatasetModule.withWeights(weights.ToArray(), Set));

    /// <summary>The rows with a label each.</summary>
    /// <param name="labels">0 and up, one for each row.</param>
    /// <exception cref="ArgumentException">a label is missing, or outside of the classes.</exception>
    public DataRows WithLabels(params ReadOnlySpan<int> labels) => Derived(Core.DatasetModule.withLabels(labels.ToArray(), Set));

    /// <summary>
    /// The peak signal-to-noise ratio of these rows against clean ones whose greatest value is 1: −10·log₁₀ of the mean squared difference
    /// over all numbers of all rows, in dB. Infinite when all are equal.
    /// </summary>
    /// <param name="clean">As many rows of the same size.</param>
    /// <exception cref="ArgumentException">there are no rows, or not as many of the same size.</exception>
    public double Psnr(DataRows clean)
    {
        ArgumentNullException.ThrowIfNull(clean);
        if (Count == 0 || Count != clean.Count || RowSize != clean.RowSize)
            Core.Errors.option<Unit>(
                "Psnr",
                $"{Count} rows of {RowSize} numbers against {clean.Count} of {clean.RowSize}",
                "one row or more, and as many of the same size",
                ""
            );
        Core.Tensor AsOne(DataRows rows) => Core.Tensor.ofFloat32s([1, rows.Set.Features.Length], rows.Set.Features);
        return Core.Loss.psnr(AsOne(this), AsOne(clean)).ToFloat64s()[0];
    }

    /// <summary>The rows as a matrix: [rows, numbers in a row].</summary>
    public float[,] ToMatrix() => Matrix.Of(Set.Features, RowSize);

    /// <summary>The rows as a tensor: [rows; numbers in a row].</summary>
    internal Core.Tensor ToTensor() => Core.Tensor.ofFloat32s([Count, RowSize], Set.Features);

    /// <summary>Writes the rows as pictures on a grid; 0 is black and 1 white.</summary>
    /// <param name="path">The PNG file; its folder is made when missing.</param>
    /// <param name="columns">Pictures in one line, or 0 for about as many as there are lines.</param>
    /// <param name="below">As many rows of the same shape, or several such sets, shown under the line of these.</param>
    /// <exception cref="InvalidOperationException">rows are not images, or there are none.</exception>
    /// <exception cref="ArgumentException">there are fewer rows below.</exception>
    public void SavePng(string path, int columns = 0, params DataRows[] below) => Core.Png.write(path, Grid(columns, below));

    /// <summary>Writes the rows as pictures on a grid, each with a label under it, or under those below it.</summary>
    /// <param name="path">The PNG file; its folder is made when missing.</param>
    /// <param name="columns">Pictures in one line, or 0 for about as many as there are lines.</param>
    /// <param name="labels">A text in ASCII for each row.</param>
    /// <param name="below">As many rows, or several such sets, shown under the line of these.</param>
    /// <exception cref="InvalidOperationException">rows are not images, or there are none.</exception>
    /// <exception cref="ArgumentException">there are more or fewer labels than rows, or fewer rows below.</exception>
    public void SavePng(string path, int columns, IReadOnlyList<string> labels, params DataRows[] below)
    {
        ArgumentNullException.ThrowIfNull(labels);
        PictureGrid.SaveLabelled(path, Columns(columns, below), labels, [this, .. below]);
    }

    /// <summary>The picture that <see cref="SavePng(string, int, DataRows[])"/> writes.</summary>
    internal Core.Picture Grid(int columns = 0, params DataRows[] below)
    {
        columns = Columns(columns, below);
        return Core.Png.grid(columns, 2, below.Length == 0 ? Pictures(0, Count) : [.. Interleaved(below, columns)]);
    }

    /// <summary>Rows from <paramref name="first"/> on as pictures.</summary>
    /// <exception cref="InvalidOperationException">rows are not images, or there are none.</exception>
    internal Core.Picture[] Pictures(int first, int count)
    {
        RequireImages();
        return [.. Enumerable.Range(first, count).Select(i => Core.Png.ofFloats(Set.Shape, this[i]))];
    }

    /// <summary>Rows of numbers that are taken over, not copied.</summary>
    internal static DataRows Wrap(string name, float[] values, int[] rowShape)
    {
        int size = Functional.RowShape.Size(rowShape);
        if (rowShape.Any(length => length < 1) || values.Length % size != 0)
            Core.Errors.option<Unit>(
                name,
                $"{values.Length} numbers for rows of {Core.Errors.show(rowShape)}",
                "whole rows of one number or more",
                ""
            );
        int bad = Array.FindIndex(values, value => !float.IsFinite(value));
        DataRows rows = new(Core.DatasetModule.create(name, rowShape, values));
        if (bad >= 0)
        {
            string place = $"{values[bad]} at number {bad % rows.RowSize} of row {bad / rows.RowSize}";
            throw new ArgumentException($"{name}: found {place}, expected finite numbers.", nameof(values));
        }

        return rows;
    }

    /// <summary>Other rows now: no file holds them, and they have a hash of their own.</summary>
    private static DataRows Derived(Core.Dataset set) => new(Core.DatasetModule.withSource(set.Source, "", set));

    /// <summary>How many pictures a line has, once it is certain that all can be drawn.</summary>
    private int Columns(int asked, DataRows[] below)
    {
        RequireImages();
        if (below.FirstOrDefault(rows => rows.Count < Count) is { } few)
            Core.Errors.option<Unit>("below", $"{few.Count} rows", $"{Count}, one for each row above", "");
        return Math.Min(Count, asked < 1 ? (int)Math.Ceiling(Math.Sqrt(Count)) : asked);
    }

    private void RequireImages()
    {
        if (!AreImages)
            Core.Errors.state<Unit>($"a picture of {Name}", $"rows of shape {Core.Errors.show(Set.Shape)}", "[height; width]", "");
        if (Count == 0)
            Core.Errors.state<Unit>($"a picture of {Name}", "no rows", "one or more", "");
    }

    /// <summary>Lines of these pictures and of those below in turn; a last short line is filled with grey.</summary>
    private IEnumerable<Core.Picture> Interleaved(DataRows[] below, int width)
    {
        for (int first = 0; first < Count; first += width)
        {
            int count = Math.Min(width, Count - first);
            foreach (DataRows rows in (DataRows[])[this, .. below])
            {
                Core.Picture[] line = rows.Pictures(first, count);
                byte[] grey = new byte[line[0].Pixels.Length];
                Array.Fill(grey, (byte)128);
                Core.Picture blank = new(line[0].Width, line[0].Height, line[0].Channels, grey);
                foreach (Core.Picture picture in line.Concat(Enumerable.Repeat(blank, width - count)))
                    yield return picture;
            }
        }
    }
}

/// <summary>How rows can be found again: what <see cref="Datasets.Load"/> was asked for, and which of its parts they are.</summary>
internal sealed record DataOrigin(string Spec, string? DataDir, long Seed, string Split);
