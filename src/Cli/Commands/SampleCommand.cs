using System.CommandLine;
using System.Text.Json.Nodes;

namespace Functional.Cli;

/// <summary>sample: a picture of new rows.</summary>
internal static class SampleCommand
{
    private static readonly Argument<string> Source = Switches.Run();
    private static readonly Option<int> Count = Switches.Count(64);
    private static readonly Option<string?> Output = Switches.Output("The PNG file; samples.png when not given.");
    private static readonly Option<long> Seed = Switches.Seed();

    public static Verb Create() =>
        new(
            "sample",
            "Draws from a model.",
            "functional sample runs/letters -n 64 -o samples.png --seed 3",
            Run,
            Source,
            Count,
            Output,
            Seed
        );

    private static Result Run(ParseResult line)
    {
        ModelSource source = ModelSource.Open(line.GetRequiredValue(Source));
        string path = line.GetValue(Output) ?? "samples.png";
        DataRows rows = source.Able<ISampler>("draw samples").Sample(line.GetValue(Count), line.GetValue(Seed));
        rows.SavePng(path);
        return new Result(
            new JsonObject
            {
                ["file"] = path,
                ["count"] = rows.Count,
                ["seed"] = line.GetValue(Seed),
            },
            $"{path}: {rows.Count} samples"
        );
    }
}
