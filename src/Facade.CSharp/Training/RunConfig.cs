using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Functional;

/// <summary>The file config.json of a run: what was trained, on what, and how. Reading it gives what is needed to go on.</summary>
internal sealed class RunConfig
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private RunConfig(JsonObject json) => Json = json;

    /// <summary>Everything that the file says.</summary>
    public JsonObject Json { get; }

    public static string Version { get; } =
        typeof(RunConfig).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    public string Model => Text(Json, "model");

    public JsonObject Options => Part("options");

    /// <summary>The callbacks that a run is given again without being asked.</summary>
    public IEnumerable<Callback> Callbacks =>
        Json["callbacks"] is JsonArray callbacks ? callbacks.OfType<JsonObject>().Select(CallbackForm.Read) : [];

    /// <summary>How to find the rows again, when they came from <see cref="Datasets"/>; part is "data" or "validation".</summary>
    public DataOrigin? Origin(string part)
    {
        JsonObject data = Part(part);
        return data["spec"] is null
            ? null
            : new DataOrigin(
                Text(data, "spec"),
                (string?)data["data_dir"],
                (long?)data["data_seed"] ?? Datasets.UsualSeed,
                Text(data, "split")
            );
    }

    /// <summary>Whether there were rows of that part.</summary>
    public bool Has(string part) => Json[part] is JsonObject;

    public string Sha256(string part) => Text(Part(part), "sha256");

    public static RunConfig Of(TrainingRun run)
    {
        TrainingOptions options = run.Options;
        return new RunConfig(
            new JsonObject
            {
                ["model"] = run.Kind,
                ["options"] = OptionsJson(options, withExecution: true),
                ["callbacks"] = new JsonArray([.. options.Callbacks.OfType<KnownCallback>().Select(callback => callback.Json())]),
                ["seed"] = options.Seed,
                ["data"] = Describe(run.Data),
                ["validation"] = options.Validation is { } validation ? Describe(validation) : null,
                ["engine"] = new JsonObject
                {
                    ["name"] = options.Engine,
                    ["threads"] = options.Threads,
                    ["vector_bits"] = Machine.VectorBits,
                },
                ["versions"] = new JsonObject
                {
                    ["functional"] = Version,
                    ["dotnet"] = Machine.Runtime,
                    ["system"] = RuntimeInformation.OSDescription,
                },
            }
        );
    }

    /// <summary>Options as JSON; a model does not depend on those of execution.</summary>
    public static JsonObject OptionsJson(TrainingOptions options, bool withExecution) =>
        new(
            from option in OptionProperty.Of(options.GetType())
            where withExecution || !option.IsExecution
            select KeyValuePair.Create(option.Key, (JsonNode?)option.Json(options))
        );

    /// <summary>Options of the kind of <paramref name="defaults"/> from JSON.</summary>
    public static TrainingOptions ReadOptions(TrainingOptions defaults, JsonElement json) =>
        defaults.With(json.EnumerateObject().Select(option => KeyValuePair.Create(option.Name, OptionProperty.TextOfJson(option.Value))));

    public static RunConfig Read(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) is JsonObject json ? new RunConfig(json) : throw new JsonException("no object");
        }
        catch (JsonException fault)
        {
            string place = fault.LineNumber is { } line ? $"line {line + 1}" : "";
            return Core.Errors.data<RunConfig>(path, place, "text that is not JSON", "the settings of a run", "");
        }
    }

    public void Write(string path) => TextFile.Write(path, Json.ToJsonString(Indented) + "\n");

    private static JsonObject Describe(DataRows rows)
    {
        JsonObject json = new()
        {
            ["name"] = rows.Name,
            ["rows"] = rows.Count,
            ["row_shape"] = new JsonArray([.. rows.RowShape.Select(size => JsonValue.Create(size))]),
            ["sha256"] = rows.Sha256,
            ["source"] = rows.Source,
        };
        if (rows.Origin is { } origin)
        {
            json["spec"] = origin.Spec;
            json["split"] = origin.Split;
            json["data_seed"] = origin.Seed;
            if (origin.DataDir is { } folder)
                json["data_dir"] = Path.GetFullPath(folder);
        }

        return json;
    }

    private JsonObject Part(string name) =>
        Json[name] as JsonObject ?? throw new InvalidDataException($"config.json: found no {name}, expected one.");

    private static string Text(JsonObject json, string name) =>
        (json[name] as JsonValue)?.GetValueKind() == JsonValueKind.String
            ? (string)json[name]!
            : throw new InvalidDataException($"config.json: found no {name}, expected a text.");
}
