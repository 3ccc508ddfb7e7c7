using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Functional;

/// <summary>
/// One option of an options type: how its value is checked, read from text and written. The declaration of the property is all that a
/// new option needs.
/// </summary>
internal sealed class OptionProperty
{
    private static readonly ConcurrentDictionary<Type, OptionProperty[]> Known = new();

    private static readonly Dictionary<Type, ChoiceKind> Choices = new()
    {
        [typeof(Optimizer)] = new(Optimizer.Forms, Optimizer.Parse),
        [typeof(Schedule)] = new(Schedule.Forms, Schedule.Parse),
        [typeof(LocalGains)] = new(LocalGains.Forms, LocalGains.Parse),
        [typeof(Regularizer)] = new(Regularizer.Forms, Regularizer.Parse),
        [typeof(Likelihood)] = new(Likelihood.Forms, Likelihood.Parse),
        [typeof(ClassWeights)] = new(ClassWeights.Forms, ClassWeights.Parse),
        [typeof(Corruption)] = new(Corruption.Forms, Corruption.Parse),
    };

    private const string None = "none";
    private readonly PropertyInfo _property;
    private readonly OptionAttribute _option;

    private OptionProperty(PropertyInfo property, OptionAttribute option)
    {
        _property = property;
        _option = option;
        Key = Names.Kebab(property.Name);
    }

    /// <summary>The name on the command line and in files: latent-size.</summary>
    public string Key { get; }

    /// <inheritdoc cref="OptionAttribute.IsExecution"/>
    public bool IsExecution => _option.IsExecution;

    /// <summary>The values that can be given, in words.</summary>
    public string Expected =>
        _property.PropertyType switch
        {
            _ when AllowedNames.Count > 0 => $"one of {string.Join(", ", AllowedNames)}",
            var type when type == typeof(IReadOnlyList<int>) => $"whole numbers with commas between, each {_option.Range}",
            var type when type == typeof(IReadOnlyList<string>) => "names with commas between",
            var type when type == typeof(double) => Bounded("a number"),
            var type when type == typeof(double?) => $"{Bounded("a number")}, or {None}",
            var type when type == typeof(string) => "a text",
            var type when Choices.TryGetValue(type, out ChoiceKind? kind) => string.Join(", ", kind.Forms),
            _ => Bounded("a whole number"),
        };

    /// <summary>Whether there need not be a value.</summary>
    private bool IsOptional => Nullable.GetUnderlyingType(_property.PropertyType) is not null;

    /// <summary>The names that the option can be, where it is a name.</summary>
    private IReadOnlyList<string> AllowedNames =>
        _property.PropertyType switch
        {
            { IsEnum: true } type => [.. Enum.GetNames(type).Select(Names.Kebab)],
            var type when type == typeof(bool) => ["true", "false"],
            _ => _option.Names,
        };

    /// <summary>The options that a type declares, the common ones last.</summary>
    public static IReadOnlyList<OptionProperty> Of(Type type) =>
        Known.GetOrAdd(
            type,
            static type =>
                [
                    .. from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                    let option = property.GetCustomAttribute<OptionAttribute>()
                    where option is not null
                    select new OptionProperty(property, option),
                ]
        );

    /// <summary>The option of a type that is called <paramref name="key"/>.</summary>
    public static OptionProperty Find(Type type, string key)
    {
        IReadOnlyList<OptionProperty> options = Of(type);
        IEnumerable<string> keys = options.Select(option => option.Key);
        return options.FirstOrDefault(option => option.Key == key)
            ?? Core.Errors.option<OptionProperty>("option", $"'{key}'", $"one of {string.Join(", ", keys)}", Core.Suggest.fix(keys, key));
    }

    /// <summary>The options of an object by name, with their values as text and the values they can have.</summary>
    public static IReadOnlyList<OptionValue> List(object options) =>
        [.. Of(options.GetType()).Select(option => new OptionValue(option.Key, option.Text(options), option.Expected))];

    /// <summary>Refuses a value that is missing or out of range, in the name of the property.</summary>
    public void Check(object options)
    {
        object? value = _property.GetValue(options);
        if (Fault(value) is { } found)
            throw new ArgumentException($"{options.GetType().Name}.{_property.Name}: found {found}, expected {Expected}.", _property.Name);
    }

    /// <summary>Reads a value and sets it. The object must not be shared yet.</summary>
    public void Set(object options, string text)
    {
        bool isNone = IsOptional && text.Trim() == None;
        object? value = isNone ? null : Parse(text.Trim());
        if (!isNone && (value is null || Fault(value) is not null))
            Core.Errors.option<OptionProperty>(Key, $"'{text}'", Expected, Core.Suggest.fix(AllowedNames, text));
        _property.SetValue(options, value);
    }

    /// <summary>The value as <see cref="Set"/> reads it.</summary>
    public string Text(object options) =>
        _property.GetValue(options) switch
        {
            IReadOnlyList<int> list => string.Join(',', list),
            IReadOnlyList<string> list => string.Join(',', list),
            Enum value => Names.Kebab(value.ToString()),
            bool value => value ? "true" : "false",
            double value => NumberRange.Show(value),
            null => None,
            var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };

    /// <summary>The value in a JSON file: truths, numbers and lists of them as such, everything else as text.</summary>
    public JsonNode Json(object options) =>
        _property.GetValue(options) switch
        {
            IReadOnlyList<int> list => new JsonArray([.. list.Select(number => JsonValue.Create(number))]),
            IReadOnlyList<string> list => new JsonArray([.. list.Select(name => JsonValue.Create(name))]),
            bool value => JsonValue.Create(value),
            int value => JsonValue.Create(value),
            long value => JsonValue.Create(value),
            double value => JsonValue.Create(value),
            _ => JsonValue.Create(Text(options)),
        };

    /// <summary>The text of a value in a JSON file.</summary>
    public static string TextOfJson(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Array => string.Join(',', json.EnumerateArray().Select(TextOfJson)),
            JsonValueKind.String => json.GetString() ?? "",
            _ => json.GetRawText(),
        };

    private string Bounded(string kind) => _option.Range.IsBounded ? $"{kind}, {_option.Range}" : kind;

    /// <summary>What is wrong with a value, or null.</summary>
    private string? Fault(object? value) =>
        value switch
        {
            null => IsOptional ? null : "null",
            int number when !_option.Range.Contains(number) => $"{number}",
            long number when !_option.Range.Contains(number) => $"{number}",
            double number when !_option.Range.Contains(number) => NumberRange.Show(number),
            IReadOnlyList<int> list when !list.All(number => _option.Range.Contains(number)) => $"[{string.Join(", ", list)}]",
            IReadOnlyList<string> list when !list.All(IsName) => $"[{string.Join(", ", list)}]",
            string text when string.IsNullOrWhiteSpace(text) || (AllowedNames.Count > 0 && !AllowedNames.Contains(text)) => $"'{text}'",
            Enum named when !Enum.IsDefined(named.GetType(), named) => $"{named}",
            _ => null,
        };

    private object? Parse(string text)
    {
        Type type = _property.PropertyType;
        return type switch
        {
            _ when type == typeof(bool) => bool.TryParse(text, out bool truth) ? truth : null,
            _ when type == typeof(int) => int.TryParse(text, CultureInfo.InvariantCulture, out int number) ? number : null,
            _ when type == typeof(long) => long.TryParse(text, CultureInfo.InvariantCulture, out long number) ? number : null,
            _ when type == typeof(double) || type == typeof(double?) => double.TryParse(
                text,
                CultureInfo.InvariantCulture,
                out double number
            )
                ? number
                : null,
            _ when type == typeof(string) => text,
            _ when type == typeof(IReadOnlyList<int>) => ParseList(text),
            _ when type == typeof(IReadOnlyList<string>) => Parts(text),
            _ when type.IsEnum => ParseEnum(type, text),
            _ when Choices.TryGetValue(type, out ChoiceKind? kind) => kind.Parse(Key, text),
            _ => Core.Errors.state<object>(Key, $"an option of type {type.Name}", "a type that text can be read into", ""),
        };
    }

    // A comma would make two names of one when it is read back.
    private static bool IsName(string? name) => !string.IsNullOrWhiteSpace(name) && !name.Contains(',');

    private static string[] Parts(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IReadOnlyList<int>? ParseList(string text)
    {
        List<int> numbers = [];
        foreach (string part in Parts(text))
        {
            if (!int.TryParse(part, CultureInfo.InvariantCulture, out int number))
                return null;
            numbers.Add(number);
        }

        return numbers.AsReadOnly();
    }

    private static object? ParseEnum(Type type, string text)
    {
        string? name = Enum.GetNames(type).FirstOrDefault(name => Names.Kebab(name) == text);
        return name is null ? null : Enum.Parse(type, name);
    }

    /// <summary>A type of choice: its forms, and its reader of a subject and a text.</summary>
    private sealed record ChoiceKind(IReadOnlyList<Form> Forms, Func<string, string, Choice> Parse);
}
