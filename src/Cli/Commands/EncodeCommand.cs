using System.CommandLine;
using System.Text.Json.Nodes;

namespace Functional.Cli;

/// <summary>encode: the codes of all rows as a file.</summary>
internal static class EncodeCommand
{
    private static readonly Argument<string> Source = Switches.Run();
    private static readonly Option<string?> Output = Switches.Output("The file, .npz or .csv; codes.npz when not given.");
    private static readonly Option<string?> Data = Switches.Data("The data; those of the run when not given.");
    private static readonly Option<string?> DataDir = Switches.DataDir();
    private static readonly Option<string?> Split = Switches.Split();

    public static Verb Create() =>
        new(
            "encode",
            "Writes the code of every row, and its label where there is one.",
            "functional encode runs/letters --split train -o codes.npz",
            Run,
            Source,
            Output,
            Data,
            DataDir,
            Split
        );

    private static Result Run(ParseResult line)
    {
        ModelSource source = ModelSource.Open(line.GetRequiredValue(Source));
        string path = line.GetValue(Output) ?? "codes.npz";
        string split = line.GetValue(Split) ?? "train";
        DataRows rows = source.Data(line.GetValue(Data), line.GetValue(DataDir))[split];
        float[,] codes = source.Able<IEncoder>("encode rows").Encode(rows);
        codes.Save(path, rows.Labels);
        return new Result(
            new JsonObject
            {
                ["file"] = path,
                ["rows"] = codes.GetLength(0),
                ["columns"] = codes.GetLength(1),
                ["data"] = rows.Name,
                ["split"] = split,
            },
            $"{path}: {codes.GetLength(0)} codes of {codes.GetLength(1)} numbers, of {rows.Name}, {split}"
        );
    }
}
