using System.Text.Json;
using System.Text.Json.Nodes;

namespace Functional;

/// <summary>Callbacks as text: <c>early-stopping,monitor=val_loss,patience=5</c> on a command line, and an object in config.json.</summary>
internal static class CallbackForm
{
    public const string NameKey = "name";

    private static readonly Func<KnownCallback>[] Known =
    [
        static () => new EarlyStoppingCallback(),
        static () => new ReduceLROnPlateauCallback(),
        static () => new ModelCheckpointCallback(),
        static () => new CsvLogCallback(),
        static () => new TensorBoardCallback(),
    ];

    /// <summary>Every callback with its usual options.</summary>
    public static IEnumerable<KnownCallback> All => Known.Select(make => make());

    /// <summary>Reads NAME[,KEY=VALUE]...; a value has no comma.</summary>
    public static KnownCallback Parse(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        return Make(parts[0], parts[1..].Select(part => Setting(text, part)));
    }

    /// <summary>Reads what <see cref="KnownCallback.Json"/> gives.</summary>
    public static Callback Read(JsonObject json)
    {
        using JsonDocument document = JsonDocument.Parse(json.ToJsonString());
        List<KeyValuePair<string, string>> settings =
        [
            .. document
                .RootElement.EnumerateObject()
                .Select(entry => KeyValuePair.Create(entry.Name, OptionProperty.TextOfJson(entry.Value))),
        ];
        string name = settings.Find(setting => setting.Key == NameKey).Value ?? "";
        return Make(name, settings.Where(setting => setting.Key != NameKey));
    }

    private static KnownCallback Make(string name, IEnumerable<KeyValuePair<string, string>> settings)
    {
        string[] names = [.. All.Select(callback => callback.Key)];
        KnownCallback callback =
            All.FirstOrDefault(callback => callback.Key == name)
            ?? Core.Errors.option<KnownCallback>(
                "callback",
                $"'{name}'",
                $"one of {string.Join(", ", names)}",
                Core.Suggest.fix(names, name)
            );
        foreach ((string key, string value) in settings)
            OptionProperty.Find(callback.GetType(), key).Set(callback, value);
        callback.Validate();
        return callback;
    }

    private static KeyValuePair<string, string> Setting(string text, string part) =>
        part.Split('=', 2) is [{ Length: > 0 } key, var value]
            ? KeyValuePair.Create(key, value)
            : Core.Errors.option<KeyValuePair<string, string>>(
                "callback",
                $"'{part}' in '{text}'",
                "NAME[,KEY=VALUE]... such as early-stopping,monitor=val_loss,patience=5",
                ""
            );
}
