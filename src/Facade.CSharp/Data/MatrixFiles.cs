using System.Globalization;
using System.Text;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>Matrices as files.</summary>
public static class MatrixFiles
{
    /// <summary>Writes a matrix: <c>.npz</c> with the arrays <c>codes</c> and <c>labels</c>, which NumPy opens, or <c>.csv</c> with a header.</summary>
    /// <param name="values">[rows, columns].</param>
    /// <param name="path">The file; its ending says which kind.</param>
    /// <param name="labels">One label a row, or none.</param>
    /// <exception cref="ArgumentException">another ending, or labels that do not fit.</exception>
    public static void Save(this float[,] values, string path, IReadOnlyList<int>? labels = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(path);
        if (labels is not null && labels.Count != values.GetLength(0))
            Core.Errors.option<Unit>("labels", $"{labels.Count}", $"{values.GetLength(0)}, one for each row", "");
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".npz":
                Core.Npz.write(path, Arrays(values, labels));
                break;
            case ".csv":
                Core.Output.atomically(path, FSharpFunc<Stream, Unit>.FromConverter(stream => WriteCsv(stream, values, labels)));
                break;
            default:
                Core.Errors.option<Unit>("output", $"'{path}'", "a file that ends in .npz or .csv", "");
                break;
        }
    }

    private static IEnumerable<Core.NamedArray> Arrays(float[,] values, IReadOnlyList<int>? labels)
    {
        float[] flat = [.. values.Cast<float>()];
        yield return Core.NamedArrayModule.ofFloat32("codes", [values.GetLength(0), values.GetLength(1)], flat);
        if (labels is not null)
            yield return Core.NamedArrayModule.ofInt32("labels", [labels.Count], [.. labels]);
    }

    private static Unit WriteCsv(Stream stream, float[,] values, IReadOnlyList<int>? labels)
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        int columns = values.GetLength(1);
        IEnumerable<string> header = Enumerable.Range(0, columns).Select(column => $"code{column}");
        writer.WriteLine(string.Join(',', labels is null ? header : header.Append("label")));
        for (int row = 0; row < values.GetLength(0); row++)
        {
            for (int column = 0; column < columns; column++)
            {
                if (column > 0)
                    writer.Write(',');
                writer.Write(values[row, column].ToString("R", CultureInfo.InvariantCulture));
            }

            if (labels is not null)
                writer.Write($",{labels[row]}");
            writer.WriteLine();
        }

        return null!;
    }
}
