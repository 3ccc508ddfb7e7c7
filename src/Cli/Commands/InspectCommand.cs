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
        JsonObject json = new()
        {
            ["file"] = file,
            ["count"] = tensors.Count,
            ["parameters"] = new JsonArray([.. tensors.Tensors.Select(Entry)]),
            ["metadata"] = new JsonObject(tensors.Metadata.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))),
            ["run"] = run is null ? null : JsonNode.Parse(run.Config),
        };
        IEnumerable<(string, string)> rows = tensors
            .Tensors.Select(tensor => (tensor.Name, $"{tensor.Type} [{string.Join("; ", tensor.Shape)}]  {tensor.Count}"))
            .Append(("all", $"{tensors.Count}"));
        string provenance =
            run?.Config ?? Result.Lines(tensors.Metadata.Select(entry => (entry.Key, entry.Value)).DefaultIfEmpty(("metadata", "none")));
        return new Result(json, $"{Result.Lines(rows)}\n\n{provenance.TrimEnd()}");
    }

    private static JsonObject Entry(TensorEntry tensor) =>
        new()
        {
            ["name"] = tensor.Name,
            ["type"] = tensor.Type,
            ["shape"] = new JsonArray([.. tensor.Shape.Select(size => JsonValue.Create(size))]),
            ["count"] = tensor.Count,
        };
}
