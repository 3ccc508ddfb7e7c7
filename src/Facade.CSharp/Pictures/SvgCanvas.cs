using System.Globalization;
using System.Text;

namespace Functional;

/// <summary>Where a text stands from its point.</summary>
internal enum Anchor
{
    Start,
    Middle,
    End,
}

/// <summary>Draws into an SVG picture, in pixels from the upper left corner.</summary>
internal sealed class SvgCanvas(int width, int height, string title)
{
    public const string Ink = "#222222";
    public const string Faint = "#DDDDDD";

    private readonly StringBuilder _body = new();

    /// <summary>About how wide a text is in pixels; no font is at hand to ask, so rather too wide than too narrow.</summary>
    public static double TextWidth(string text, double size) =>
        size
        * text.EnumerateRunes()
            .Sum(rune =>
                rune.Value >= 0x2E80 ? 1.05
                : Rune.IsUpper(rune) || rune.Value is 'm' or 'w' or '%' or '@' ? 0.75
                : rune.Value is ' ' or '.' or ',' or ':' or 'i' or 'l' or 'j' or 't' or 'f' or 'r' or '(' or ')' or '-' ? 0.36
                : 0.57
            );

    public void Line(double x1, double y1, double x2, double y2, string colour, double thickness = 1, string dash = "") =>
        Add($"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" {Stroke(colour, thickness, dash)}/>");

    public void Path(string data, string colour, double thickness, string dash = "", bool isRound = true) =>
        Add(
            $"<path d=\"{data}\" fill=\"none\" {Stroke(colour, thickness, dash)} stroke-linecap=\"{(isRound ? "round" : "square")}\" stroke-linejoin=\"round\"/>"
        );

    /// <summary>Dots of one series as strokes of next to no length, which is the shortest way to write them.</summary>
    public void Dots(IEnumerable<(double X, double Y)> places, int series, double size)
    {
        string path = string.Concat(places.Select(at => string.Create(CultureInfo.InvariantCulture, $"M{at.X:0.#} {at.Y:0.#}h.01")));
        if (path.Length > 0)
            Path(path, Palette.Colour(series), size, isRound: Palette.IsRound(series));
    }

    /// <summary>A filled area with sharp edges, so that none shows between neighbours.</summary>
    public void Area(double x, double y, double wide, double high, string fill) =>
        Add(
            $"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{wide:0.##}\" height=\"{high:0.##}\" fill=\"{fill}\" shape-rendering=\"crispEdges\"/>"
        );

    /// <summary>A text on its base line; turned ones read from below to above.</summary>
    public void Text(
        double x,
        double y,
        string text,
        double size,
        Anchor anchor = Anchor.Middle,
        string fill = Ink,
        bool isBold = false,
        bool isTurned = false
    )
    {
        string place = anchor switch
        {
            Anchor.Start => "",
            Anchor.Middle => " text-anchor=\"middle\"",
            _ => " text-anchor=\"end\"",
        };
        string turn = isTurned ? string.Create(CultureInfo.InvariantCulture, $" transform=\"rotate(-90 {x:0.#} {y:0.#})\"") : "";
        string weight = isBold ? " font-weight=\"600\"" : "";
        Add(
            $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" font-size=\"{size:0.#}\" fill=\"{fill}\"{place}{weight}{turn}>{Markup.Escape(text)}</text>"
        );
    }

    public Chart ToChart()
    {
        string size = string.Create(CultureInfo.InvariantCulture, $"width=\"{width}\" height=\"{height}\"");
        return new Chart(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" {size} viewBox=\"0 0 {width} {height}\" role=\"img\" "
                + $"font-family=\"Helvetica, Arial, sans-serif\">\n<title>{Markup.Escape(title)}</title>\n"
                + $"<rect {size} fill=\"#FFFFFF\"/>\n{_body}</svg>"
        );
    }

    private static string Stroke(string colour, double thickness, string dash) =>
        string.Create(CultureInfo.InvariantCulture, $"stroke=\"{colour}\" stroke-width=\"{thickness:0.##}\"")
        + (dash.Length > 0 ? $" stroke-dasharray=\"{dash}\"" : "");

    private void Add(FormattableString element) => _body.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
