using System.Numerics.Tensors;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>A trained autoencoder: immutable, and safe to use from many threads.</summary>
public class AutoencoderModel : TrainedModel, IReconstructor, IEncoder
{
    private readonly Core.Autoencoder _model;
    private readonly AutoencoderFunctions _functions;

    internal AutoencoderModel(
        string kind,
        Core.Autoencoder model,
        AutoencoderFunctions functions,
        AutoencoderOptions options,
        IReadOnlyList<int> rowShape,
        History history
    )
        : base(kind, options, rowShape, history)
    {
        _model = model;
        _functions = functions;
        CodeSize = model.Stages.Last().Code.Aggregate(1, (product, size) => product * size);
    }

    /// <summary>What it was trained with.</summary>
    public new AutoencoderOptions Options => (AutoencoderOptions)base.Options;

    /// <summary>Numbers in a code.</summary>
    public int CodeSize { get; }

    /// <summary>The code of a row.</summary>
    /// <exception cref="ArgumentException">the row has another size than the model's.</exception>
    public float[] Encode(ReadOnlySpan<float> row)
    {
        CheckRows("Encode", 1, row.Length);
        return Codes(row);
    }

    /// <summary>The code of each row: [rows, code size].</summary>
    /// <exception cref="ArgumentException">there are no rows, or they have another size than the model's.</exception>
    public float[,] Encode(DataRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckRows("Encode", rows.Count, rows.RowSize);
        float[,] codes = new float[rows.Count, CodeSize];
        Buffer.BlockCopy(Codes(rows.Values), 0, codes, 0, codes.Length * sizeof(float));
        return codes;
    }

    /// <summary>The row of a code.</summary>
    /// <exception cref="ArgumentException">the code has another size than the model's.</exception>
    public float[] Decode(ReadOnlySpan<float> code)
    {
        CheckCodes(1, code.Length);
        return Decoded(code);
    }

    /// <summary>The row of each code: [codes, code size] to rows.</summary>
    /// <exception cref="ArgumentException">there are no codes, or they have another size than the model's.</exception>
    public DataRows Decode(float[,] codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        CheckCodes(codes.GetLength(0), codes.GetLength(1));
        return DataRows.Wrap("decoded", Decoded([.. codes.Cast<float>()]), [.. RowShape]);
    }

    /// <summary>A row through its code.</summary>
    /// <exception cref="ArgumentException">the row has another size than the model's.</exception>
    public float[] Reconstruct(ReadOnlySpan<float> row)
    {
        CheckRows("Reconstruct", 1, row.Length);
        return Restored(row);
    }

    /// <summary>Each row through its code.</summary>
    /// <exception cref="ArgumentException">there are no rows, or they have another size than the model's.</exception>
    public DataRows Reconstruct(DataRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckRows("Reconstruct", rows.Count, rows.RowSize);
        return DataRows.Wrap("reconstructions", Restored(rows.Values), [.. RowShape]);
    }

    /// <summary>
    /// What the first layer looks for: the weights of each unit as a picture of the shape of a row, or each of its filters, from 0 for the
    /// least weight of the picture to 1 for its greatest.
    /// </summary>
    public DataRows FeatureMaps()
    {
        Core.Tensor weights = Core.AutoencoderModule.features(_model);
        int[] shape = weights.Rank == 2 ? [.. RowShape] : weights.Shape[1..];
        float[] maps = weights.ToFloat32s();
        foreach (int start in Enumerable.Range(0, weights.Shape[0]).Select(map => map * (maps.Length / weights.Shape[0])))
            Stretch(maps.AsSpan(start, maps.Length / weights.Shape[0]));
        return DataRows.Wrap("feature maps", maps, shape);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Evaluate(DataRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckRows("Evaluate", rows.Count, rows.RowSize);
        return _functions.Evaluate(_model, Options.Seed, Options.BatchSize, rows);
    }

    /// <inheritdoc/>
    public override void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ModelFile.Save(path, this, _model);
    }

    private static void Stretch(Span<float> map)
    {
        float least = TensorPrimitives.Min(map);
        float range = TensorPrimitives.Max(map) - least;
        TensorPrimitives.Subtract(map, least, map);
        if (range > 0)
            TensorPrimitives.Divide(map, range, map);
    }

    private float[] Codes(ReadOnlySpan<float> rows) => RowBlocks.Map(rows, RowSize, CodeSize, block => _functions.Encode(_model, block));

    private float[] Decoded(ReadOnlySpan<float> codes) =>
        RowBlocks.Map(codes, CodeSize, RowSize, block => _functions.Decode(_model, block));

    private float[] Restored(ReadOnlySpan<float> rows) =>
        RowBlocks.Map(rows, RowSize, RowSize, block => _functions.Reconstruct(_model, block));

    private void CheckCodes(int count, int size)
    {
        if (count == 0 || size != CodeSize)
            Core.Errors.option<Unit>("Decode", $"{count} codes of {size} numbers", $"one or more of {CodeSize}", "");
    }
}
