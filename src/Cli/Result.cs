using System.Text.Json;
using System.Text.Json.Nodes;

namespace Functional.Cli;

/// <summary>What a command found out: as one JSON object, and as text for people.</summary>
internal sealed record Result(JsonObject Json, string Text)
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>How the command ended.</summary>
    public int Code { get; init; } = ExitCode.Done;

    public void Print(TextWriter output, bool asJson) => output.WriteLine(asJson ? Json.ToJsonString(Plain) : Text);

    /// <summary>Numbers by name as JSON; those that are not finite are null.</summary>
    public static JsonObject Numbers(IReadOnlyDictionary<string, double> values) =>
        new(
            values.Select(pair =>
                KeyValuePair.Create(pair.Key, double.IsFinite(pair.Value) ? (JsonNode?)JsonValue.Create(pair.Value) : null)
            )
        );

    /// <summary>An epoch as a line of metrics.jsonl has it.</summary>
    public static JsonObject Epoch(EpochMetrics epoch)
    {
        JsonObject json = new()
        {
            ["epoch"] = epoch.Epoch,
            ["step"] = epoch.Step,
            ["seconds"] = epoch.Seconds,
        };
        foreach ((string name, JsonNode? value) in Numbers(epoch.Values))
            json[name] = value?.DeepClone();
        return json;
    }

    /// <summary>Lines of names and values, the values below one another.</summary>
    public static string Lines(params IEnumerable<(string Name, string Value)> rows)
    {
        (string Name, string Value)[] lines = [.. rows];
        int width = lines.Max(line => line.Name.Length);
        return string.Join('\n', lines.Select(line => $"{line.Name.PadRight(width)}  {line.Value}".TrimEnd()));
    }

    /// <summary>A number as people read it.</summary>
    public static string Show(double number) => number.ToString("G6");
}
