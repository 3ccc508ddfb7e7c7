using System.Text.Json;
using Microsoft.FSharp.Collections;

namespace Functional;

/// <summary>Models as safetensors files: the parameters, and in the metadata everything else that makes the model whole.</summary>
internal static class ModelFile
{
    public const string Format = "functional-model";
    public const string StateFormat = "functional-training-state";

    public static FSharpMap<string, string> Metadata(params IEnumerable<(string Key, string Value)> entries) =>
        new(entries.Select(entry => Tuple.Create(entry.Key, entry.Value)));

    /// <summary>Writes a model. Equal models give equal bytes.</summary>
    public static void Save<TParameters>(string path, TrainedModel model, TParameters parameters)
    {
        FSharpMap<string, string> about = Metadata(
            ("format", Format),
            ("model", model.Kind),
            ("options", RunConfig.OptionsJson(model.Options, withExecution: false).ToJsonString()),
            ("row_shape", JsonSerializer.Serialize(model.RowShape)),
            ("history", $"[{string.Join(',', model.History.Select(epoch => MetricsFile.Line(epoch, withSeconds: false)))}]"),
            ("functional", RunConfig.Version)
        );
        Core.Checkpoint.save(path, about, parameters);
    }

    /// <summary>The kind of model in a file.</summary>
    public static string KindOf(string path) => Entry(path, Core.Safetensors.read(path), "model");

    /// <summary>Reads a model of one kind.</summary>
    public static TModel Load<TParameters, TModel>(
        string path,
        TrainingOptions defaults,
        Func<TrainingOptions, IModelForm<TParameters, TModel>> formOf
    )
        where TModel : TrainedModel
    {
        Core.SafetensorsFile file = Core.Safetensors.read(path);
        try
        {
            using JsonDocument options = JsonDocument.Parse(Entry(path, file, "options"));
            using JsonDocument history = JsonDocument.Parse(Entry(path, file, "history"));
            IModelForm<TParameters, TModel> form = formOf(RunConfig.ReadOptions(defaults, options.RootElement));
            if (Entry(path, file, "model") is var found && found != form.Name)
                Core.Errors.data<TModel>(path, "", $"a model of kind {found}", form.Name, "");
            int[] rowShape = JsonSerializer.Deserialize<int[]>(Entry(path, file, "row_shape")) ?? [];
            TParameters parameters = Core.Checkpoint.restore(path, file, form.Create(rowShape));
            return form.Wrap(parameters, rowShape, new History(history.RootElement.EnumerateArray().Select(MetricsFile.Read)));
        }
        catch (Exception fault)
            when (fault
                    is ArgumentException
                        or JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or FormatException
                        or OverflowException
            )
        {
            throw new InvalidDataException($"{path}: found metadata that make no model ({Sentence.Of(fault).TrimEnd('.')}).", fault);
        }
    }

    private static string Entry(string path, Core.SafetensorsFile file, string name) =>
        file.Metadata.TryGetValue(name, out string? text)
            ? text
            : Core.Errors.data<string>(path, "", $"no {name} in the metadata", "a model that Functional saved", "");
}
