using System.CommandLine;
using System.Text.Json.Nodes;

namespace Functional.Cli;

/// <summary>reconstruct: a picture of rows above what the model makes of them.</summary>
internal static class ReconstructCommand
{
    private const int Columns = 16;
    private static readonly Argument<string> Source = Switches.Run();
    private static readonly Option<int> Count = Switches.Count(Columns);
    private static readonly Option<string?> Output = Switches.Output("The PNG file; reconstructions.png when not given.");
    private static readonly Option<string?> Data = Switches.Data("The data; those of the run when not given.");
    private static readonly Option<string?> DataDir = Switches.DataDir();
    private static readonly Option<string?> Split = Switches.Split();

    public static Verb Create() =>
        new(
            "reconstruct",
            "Shows rows of data above their reconstructions.",
            "functional reconstruct runs/letters -n 16 -o reconstructions.png",
            Run,
            Source,
            Count,
            Output,
            Data,
            DataDir,
            Split
        );

    private static Result Run(ParseResult line)
    {
        ModelSource source = ModelSource.Open(line.GetRequiredValue(Source));
        string path = line.GetValue(Output) ?? "reconstructions.png";
        DataSplits data = source.Data(line.GetValue(Data), line.GetValue(DataDir));
        string split = line.GetValue(Split) ?? (data.Test.Count > 0 ? "test" : "train");
        DataRows rows = data[split].Take(line.GetValue(Count));
        rows.SavePng(path, Columns, below: source.Able<IReconstructor>("reconstruct rows").Reconstruct(rows));
        return new Result(
            new JsonObject
            {
                ["file"] = path,
                ["count"] = rows.Count,
                ["data"] = rows.Name,
                ["split"] = split,
            },
            $"{path}: {rows.Count} rows of {rows.Name}, {split}, above their reconstructions"
        );
    }
}
