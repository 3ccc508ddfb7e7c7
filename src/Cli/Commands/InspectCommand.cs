using System.CommandLine;
using System.Text.Json.Nodes;

namespace Functional.Cli;

/// <summary>inspect: the parameters in a file or a run, and where they came from.</summary>
internal static class InspectCommand
{
    private static readonly Argument<string> Source = new("FILE|RUN") { Description = "A safetensors file, or a run folder." };

    public static Verb Create() =>
        new(
            "inspect",
            "Lists parameters by name, shape and count, and says where they came from.",
            "functional inspect runs/letters",
            Run,
            Source
        );

    private static Result Run(ParseResult line)
    {
        string path = line.GetRequiredValue(Source);
        RunFolder? run = File.Exists(path) ? null : RunFolder.Open(path);
        string file = run?.ModelPath ?? path;
        TensorFile tensors = TensorFile.Read(file);
        long? peak = tensors.IsModel ? PeakBytes(Models.Load(file), run) : null;
        JsonObject json = new()
        {
            ["file"] = file,
            ["count"] = tensors.Count,
            ["peak_bytes"] = peak,
            ["parameters"] = new JsonArray([.. tensors.Tensors.Select(Entry)]),
            ["metadata"] = new JsonObject(tensors.Metadata.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))),
            ["run"] = run is null ? null : JsonNode.Parse(run.Config),
        };
        IEnumerable<(string, string)> rows = tensors
            .Tensors.Select(tensor => (tensor.Name, $"{tensor.Type} [{string.Join("; ", tensor.Shape)}]  {tensor.Count}"))
            .Append(("all", $"{tensors.Count}"));
        if (peak is { } bytes)
            rows = rows.Append(("training", $"takes {bytes / 1e6:F1} MB beside its rows"));
        string provenance =
            run?.Config ?? Result.Lines(tensors.Metadata.Select(entry => (entry.Key, entry.Value)).DefaultIfEmpty(("metadata", "none")));
        return new Result(json, $"{Result.Lines(rows)}\n\n{provenance.TrimEnd()}");
    }

    /// <summary>What the steps take that the model was trained with.</summary>
    private static long PeakBytes(TrainedModel model, RunFolder? run) =>
        Models.Named(model.Kind).PeakBytes(run?.Options ?? model.Options, model.RowShape);

    private static JsonObject Entry(TensorEntry tensor) =>
        new()
        {
            ["name"] = tensor.Name,
            ["type"] = tensor.Type,
            ["shape"] = new JsonArray([.. tensor.Shape.Select(size => JsonValue.Create(size))]),
            ["count"] = tensor.Count,
        };
}
