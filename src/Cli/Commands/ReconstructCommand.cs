using System.CommandLine;
using System.Text.Json.Nodes;

namespace Functional.Cli;

/// <summary>reconstruct: a picture of rows above what the model makes of them, or of them with noise where it takes noise away.</summary>
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
            "Shows rows of data above their reconstructions; with a denoising model, noisy rows between.",
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
        IReconstructor model = source.Able<IReconstructor>("reconstruct rows");
        DataRows? noisy = (model as IDenoiser)?.Corrupt(rows);
        rows.SavePng(path, Columns, noisy is null ? [model.Reconstruct(rows)] : [noisy, model.Reconstruct(noisy)]);
        string above = noisy is null ? "above their reconstructions" : "above the same with noise, above what the model makes of that";
        return new Result(
            new JsonObject
            {
                ["file"] = path,
                ["count"] = rows.Count,
                ["data"] = rows.Name,
                ["split"] = split,
            },
            $"{path}: {rows.Count} rows of {rows.Name}, {split}, {above}"
        );
    }
}
