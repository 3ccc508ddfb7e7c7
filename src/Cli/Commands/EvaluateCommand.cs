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
        "Also estimate log p(x) with so many samples a row, or chains, where the model can."
    );

    private static readonly Option<string?> Against = Switches.Text(
        "--against",
        "D",
        "Also tell the data from this by the energy, where the model has one: auroc; noise for uniform noise."
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
            Samples,
            Against
        );

    private static Result Run(ParseResult line)
    {
        ModelSource source = ModelSource.Open(line.GetRequiredValue(Source));
        DataRows rows = source.Data(line.GetValue(Data), line.GetValue(DataDir))[line.GetValue(Split) ?? "test"];
        string split = line.GetValue(Split) ?? "test";
        Dictionary<string, double> metrics = new(source.Model.Evaluate(rows));
        if (line.GetValue(Samples) is > 0 and int samples)
            foreach ((string name, double value) in source.Able<IDensity>("estimate log p(x)").Likelihoods(rows, samples))
                metrics[name] = value;
        if (line.GetValue(Against) is string other)
            metrics["auroc"] = Auroc(source, rows, other, split, line.GetValue(DataDir));
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

    /// <summary>How well the model's energy tells rows from the same part of another set, or from as many rows of noise.</summary>
    private static double Auroc(ModelSource source, DataRows rows, string other, string split, string? dataDir)
    {
        IEnergy model = source.Able<IEnergy>("give energies");
        return model.Auroc(rows, other == "noise" ? model.Noise(rows.Count) : Datasets.Load(other, dataDir)[split]);
    }

    private static JsonNode Entry(ClassErrors error) =>
        new JsonObject
        {
            ["class"] = error.Name,
            ["rows"] = error.Rows,
            ["errors"] = error.Errors,
        };
}
