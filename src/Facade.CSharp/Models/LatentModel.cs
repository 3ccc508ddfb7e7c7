using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>A trained model that turns rows into codes and codes into rows: immutable, and safe to use from many threads.</summary>
public abstract class LatentModel : TrainedModel, IEncoder, IReconstructor
{
    private readonly LatentFunctions _functions;

    private protected LatentModel(
        string kind,
        LatentFunctions functions,
        int codeSize,
        TrainingOptions options,
        IReadOnlyList<int> rowShape,
        History history
    )
        : base(kind, options, rowShape, history)
    {
        _functions = functions;
        CodeSize = codeSize;
    }

    /// <summary>Numbers in a code.</summary>
    public int CodeSize { get; }

    /// <summary>The code of a row.</summary>
    /// <exception cref="ArgumentException">the row has another size than the model's.</exception>
    public float[] Encode(ReadOnlySpan<float> row)
    {
        CheckRows("Encode", 1, row.Length);
        return RowBlocks.Map(row, RowSize, CodeSize, _functions.Encode);
    }

    /// <summary>The code of each row: [rows, code size].</summary>
    /// <exception cref="ArgumentException">there are no rows, or they have another size than the model's.</exception>
    public float[,] Encode(DataRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckRows("Encode", rows.Count, rows.RowSize);
        return Matrix.Of(RowBlocks.Map(rows.Values, RowSize, CodeSize, _functions.Encode), CodeSize);
    }

    /// <summary>The row of a code.</summary>
    /// <exception cref="ArgumentException">the code has another size than the model's.</exception>
    public float[] Decode(ReadOnlySpan<float> code)
    {
        CheckCodes(1, code.Length);
        return RowBlocks.Map(code, CodeSize, RowSize, _functions.Decode);
    }

    /// <summary>The row of each code: [codes, code size] to rows.</summary>
    /// <exception cref="ArgumentException">there are no codes, or they have another size than the model's.</exception>
    public DataRows Decode(float[,] codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        CheckCodes(codes.GetLength(0), codes.GetLength(1));
        return Rows("decoded", RowBlocks.Map(Matrix.Values(codes), CodeSize, RowSize, _functions.Decode));
    }

    /// <summary>A row through its code.</summary>
    /// <exception cref="ArgumentException">the row has another size than the model's.</exception>
    public float[] Reconstruct(ReadOnlySpan<float> row)
    {
        CheckRows("Reconstruct", 1, row.Length);
        return RowBlocks.Map(row, RowSize, RowSize, _functions.Reconstruct);
    }

    /// <summary>Each row through its code.</summary>
    /// <exception cref="ArgumentException">there are no rows, or they have another size than the model's.</exception>
    public DataRows Reconstruct(DataRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckRows("Reconstruct", rows.Count, rows.RowSize);
        return Rows("reconstructions", RowBlocks.Map(rows.Values, RowSize, RowSize, _functions.Reconstruct));
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Evaluate(DataRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckRows("Evaluate", rows.Count, rows.RowSize);
        return _functions.Evaluate(rows);
    }

    /// <summary>Rows of the model's shape.</summary>
    private protected DataRows Rows(string name, float[] values) => DataRows.Wrap(name, values, [.. RowShape]);

    private void CheckCodes(int count, int size)
    {
        if (count == 0 || size != CodeSize)
            Core.Errors.option<Unit>("Decode", $"{count} codes of {size} numbers", $"one or more of {CodeSize}", "");
    }
}
