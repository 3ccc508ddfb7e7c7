using System.Globalization;
using System.Xml.Linq;

namespace Functional.Tests;

/// <summary>Looks into an SVG picture.</summary>
internal sealed class SvgText
{
    private readonly XElement _root;

    public SvgText(Chart chart) => _root = XDocument.Parse(chart.Svg).Root!;

    public string Title => Named("title").Single().Value;

    public IReadOnlyList<XElement> Paths => [.. Named("path")];

    public IReadOnlyList<XElement> Areas => [.. Named("rect").Where(area => area.Attribute("shape-rendering") is not null)];

    public IReadOnlyList<string> Texts => [.. Named("text").Select(text => text.Value)];

    /// <summary>Labels of the vertical axis with the height of their middle.</summary>
    public IReadOnlyList<(string Label, double Y)> Rows =>
        [.. from text in Named("text") where (string?)text.Attribute("text-anchor") == "end" select (text.Value, Number(text, "y") - 4)];

    /// <summary>Labels of the horizontal axis with their middle.</summary>
    public IReadOnlyList<(string Label, double X)> Columns
    {
        get
        {
            XElement[] plain =
            [
                .. Named("text")
                    .Where(text =>
                        (string?)text.Attribute("text-anchor") == "middle"
                        && Number(text, "font-size") == 11
                        && text.Attribute("fill")!.Value != "#FFFFFF"
                    ),
            ];
            double lowest = plain.Max(text => Number(text, "y"));
            return [.. from text in plain where Number(text, "y") == lowest select (text.Value, Number(text, "x"))];
        }
    }

    public static double Number(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    /// <summary>The corners of a path.</summary>
    public static IReadOnlyList<(double X, double Y)> Corners(XElement path) =>
        [
            .. from corner in path.Attribute("d")!.Value.Split(['M', 'L', 'h'], StringSplitOptions.RemoveEmptyEntries)
            let numbers = corner.Split(' ')
            where numbers.Length == 2
            select (double.Parse(numbers[0], CultureInfo.InvariantCulture), double.Parse(numbers[1], CultureInfo.InvariantCulture)),
        ];

    private IEnumerable<XElement> Named(string name) => _root.Descendants().Where(element => element.Name.LocalName == name);
}
