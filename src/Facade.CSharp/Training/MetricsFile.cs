using System.Text;
using System.Text.Json;

namespace Functional;

/// <summary>The file metrics.jsonl: one JSON object a line for each epoch.</summary>
internal static class MetricsFile
{
    private static readonly string[] Places = ["epoch", "step", "seconds"];

    /// <summary>Adds an epoch's line, on the disk when this returns.</summary>
    public static void Append(string path, EpochMetrics epoch)
    {
        using FileStream file = new(path, FileMode.Append);
        file.Write(Encoding.UTF8.GetBytes(Line(epoch, withSeconds: true) + "\n"));
        file.Flush(flushToDisk: true);
    }

    /// <summary>Removes what was written after epoch <paramref name="last"/>, a half line included, and gives the epochs that stay.</summary>
    public static IReadOnlyList<EpochMetrics> Cut(string path, int last)
    {
        if (!File.Exists(path))
            return [];
        IReadOnlyList<EpochMetrics> kept = [.. Read(path).TakeWhile(epoch => epoch.Epoch <= last)];
        string text = string.Concat(kept.Select(epoch => Line(epoch, withSeconds: true) + "\n"));
        if (text != File.ReadAllText(path))
            TextFile.Write(path, text);
        return kept;
    }

    /// <summary>The epochs up to the first line that is not whole.</summary>
    public static IReadOnlyList<EpochMetrics> Read(string path)
    {
        List<EpochMetrics> epochs = [];
        foreach (string line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            if (TryRead(line) is not { } epoch)
                break;
            epochs.Add(epoch);
        }

        return epochs;
    }

    /// <summary>An epoch as a JSON object; without seconds, equal trainings have equal lines.</summary>
    public static string Line(EpochMetrics epoch, bool withSeconds)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("epoch", epoch.Epoch);
            json.WriteNumber("step", epoch.Step);
            if (withSeconds)
                json.WriteNumber("seconds", epoch.Seconds);
            foreach ((string name, double value) in epoch.Values)
            {
                // JSON has no number that is not finite.
                if (double.IsFinite(value))
                    json.WriteNumber(name, value);
                else
                    json.WriteNull(name);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>The epoch of a JSON object.</summary>
    public static EpochMetrics Read(JsonElement json)
    {
        Dictionary<string, double> values = [];
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (!Places.Contains(property.Name))
                values[property.Name] = property.Value.ValueKind == JsonValueKind.Null ? double.NaN : property.Value.GetDouble();
        }

        double seconds = json.TryGetProperty("seconds", out JsonElement found) ? found.GetDouble() : 0;
        return new EpochMetrics(json.GetProperty("epoch").GetInt32(), json.GetProperty("step").GetInt32(), seconds, values);
    }

    private static EpochMetrics? TryRead(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return Read(document.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }
}
