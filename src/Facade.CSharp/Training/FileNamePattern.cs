using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Functional;

/// <summary>
/// A file name with places for numbers, as Python's format writes them: <c>{epoch:02d}</c>, <c>{val_loss:.4f}</c>, <c>{loss:.3e}</c>.
/// Places without a format have the number's shortest text.
/// </summary>
internal sealed partial class FileNamePattern
{
    private readonly List<Part> _parts = [];

    private FileNamePattern(string text)
    {
        int end = 0;
        foreach (Match place in Place().Matches(text))
        {
            AddText(text, text[end..place.Index]);
            _parts.Add(new Part("", place.Groups["name"].Value, Format(text, place.Groups["format"].Value)));
            end = place.Index + place.Length;
        }

        AddText(text, text[end..]);
    }

    /// <summary>The names of the numbers.</summary>
    public IEnumerable<string> Names => _parts.Select(part => part.Name).Where(name => name.Length > 0);

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="ArgumentException">a brace without its pair, or a format that is not one of those above.</exception>
    public static FileNamePattern Parse(string text) => new(text);

    /// <summary>The file name for some numbers.</summary>
    public string Fill(IReadOnlyDictionary<string, double> numbers)
    {
        StringBuilder name = new();
        foreach (Part part in _parts)
            name.Append(part.Name.Length == 0 ? part.Text : Write(numbers[part.Name], part.NumberFormat));
        return name.ToString();
    }

    private void AddText(string pattern, string text)
    {
        if (text.IndexOfAny(['{', '}']) >= 0)
            Core.Errors.option<Part>(
                "path",
                $"a brace without its pair in '{pattern}'",
                "places such as {epoch:02d} or {val_loss:.4f}",
                ""
            );
        _parts.Add(new Part(text, "", ""));
    }

    /// <summary>A format as <see cref="Write"/> takes it: R for none, else Python's without the point, 02d or 4f.</summary>
    private static string Format(string pattern, string format)
    {
        if (format.Length == 0)
            return "R";
        if (Whole().Match(format) is { Success: true } whole)
            return whole.Groups["zero"].Value + whole.Groups["width"].Value + "d";
        if (Real().Match(format) is { Success: true } real)
            return real.Groups["digits"].Value + real.Groups["kind"].Value;
        return Core.Errors.option<string>("path", $"format ':{format}' in '{pattern}'", "one such as :02d, :.4f or :.3e", "");
    }

    private static string Write(double number, string format)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        if (format == "R")
            return number.ToString("R", invariant);
        string body = format[..^1];
        if (format[^1] != 'd')
            return number.ToString(format[^1] == 'f' ? $"F{body}" : $"0.{new string('0', int.Parse(body, invariant))}e+00", invariant);
        string digits = number.ToString("F0", invariant);
        int width = body.Length == 0 ? 0 : int.Parse(body, invariant);
        return body.StartsWith('0') ? digits.PadLeft(width, '0') : digits.PadLeft(width);
    }

    [GeneratedRegex(@"\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:(?<format>[^{}]*))?\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"^(?<zero>0?)(?<width>[1-9]?)d$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^\.(?<digits>[1-9])(?<kind>[fe])$")]
    private static partial Regex Real();

    /// <summary>Text, or the name of a number with the format that its text then is.</summary>
    private sealed record Part(string Text, string Name, string NumberFormat);
}
