using System.CommandLine;
using System.Text.Json.Nodes;

namespace Functional.Cli;

/// <summary>evaluate: the model's numbers on held-out data.</summary>
internal static class EvaluateCommand
{
    private static readonly Argument<string> Source = Switches.Run();
    private static readonly Option<string?> Data = Switches.Data("The data; those of the run when not given.");
    private static readonly Option<string?> DataDir = Switches.DataDir();
    private static readonly Option<string?> Split = Switches.Split();
    private static readonly Option<int> Samples = Switches.Whole(
        "--samples",
        1,
        "Also estimate log p(x) with so many samples a row, where the model can."
    );

    public static Verb Create() =>
        new(
            "evaluate",
            "Prints a model's numbers on data it was not trained on.",
            "functional evaluate runs/letters --split test",
            Run,
            Source,
            Data,
            DataDir,
            Split,
            Samples
        );

    private static Result Run(ParseResult line)
    {
        ModelSource source = ModelSource.Open(line.GetRequiredValue(Source));
        DataRows rows = source.Data(line.GetValue(Data), line.GetValue(DataDir))[line.GetValue(Split) ?? "test"];
        string split = line.GetValue(Split) ?? "test";
        Dictionary<string, double> metrics = new(source.Model.Evaluate(rows));
        if (line.GetValue(Samples) is > 0 and int samples)
            metrics["log_likelihood"] = source.Able<IDensity>("estimate log p(x)").LogLikelihood(rows, samples);
        Network? network = source.Model as Network ?? (source.Model as DbnModel)?.Classifier;
        IReadOnlyList<ClassErrors> errors = network?.ErrorsByClass(rows) ?? [];
        JsonObject json = new()
        {
            ["model"] = source.Model.Kind,
            ["data"] = rows.Name,
            ["split"] = split,
            ["metrics"] = Result.Numbers(metrics),
        };
        if (errors.Count > 0)
            json["errors_by_class"] = new JsonArray([.. errors.Select(Entry)]);
        return new Result(
            json,
            Result.Lines([
                ("data", $"{rows.Name}, {split}, {rows.Count} rows"),
                .. metrics.Select(metric => (metric.Key, Result.Show(metric.Value))),
                .. errors.Select(error => ($"errors {error.Name}", $"{error.Errors} of {error.Rows}")),
            ])
        );
    }

    private static JsonNode Entry(ClassErrors error) =>
        new JsonObject
        {
            ["class"] = error.Name,
            ["rows"] = error.Rows,
            ["errors"] = error.Errors,
        };
}
