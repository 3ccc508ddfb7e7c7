using System.Text.Json.Nodes;
using Functional.Workloads;
using Microsoft.FSharp.Collections;
using Spectre.Console;

namespace Functional.Cli;

/// <summary>bench --scaling: how the time of steps grows with their sizes.</summary>
internal static class BenchScaling
{
    /// <summary>How far from straight a line may be before its bend is explained.</summary>
    private const double Asked = 0.15;

    public static Result Run(string folder, ComparisonOptions options, IEnumerable<GrowthLine> measured)
    {
        List<Grown> lines = [];
        JsonArray json = [];
        foreach (GrowthLine line in measured)
        {
            Grown grown = Growth.run(options.Threads, options.Rounds, options.Report, options.Cancellation, line);
            lines.Add(grown);
            json.Add(Json(grown));
            Draw(grown).SaveSvg(Path.Combine(folder, $"{line.Name}.svg"));
        }

        Result result = new(new JsonObject { ["lines"] = json }, $"{Text(lines)}\n{folder}: a chart for each line, and scaling.json");
        using StreamWriter file = File.CreateText(Path.Combine(folder, "scaling.json"));
        result.Print(file, asJson: true);
        return result;
    }

    private static JsonObject Json(Grown grown) =>
        new()
        {
            ["line"] = grown.Line.Name,
            ["axis"] = grown.Line.Axis,
            ["points"] = new JsonArray([
                .. grown.Points.Select(point => new JsonObject
                {
                    ["size"] = point.Size,
                    ["images"] = point.Images,
                    ["ms"] = point.Ms,
                    ["ms_per_image"] = point.MsPerImage,
                    ["expected_ms"] = grown.Expected(point.Size),
                    ["resident_mb"] = point.ResidentMb,
                }),
            ]),
            ["fixed_ms"] = grown.FixedMs,
            ["deviation"] = grown.Deviation,
            ["reason"] = grown.Deviation > Asked ? grown.Line.Bend : null,
        };

    private static Chart Draw(Grown grown)
    {
        GrowthPoint[] points = [.. grown.Points];
        double[] sizes = [.. points.Select(point => (double)point.Size)];
        return Charts.Lines(
            $"Milliseconds an image by {grown.Line.Axis}",
            grown.Line.Axis,
            "milliseconds an image",
            [
                new Series("measured", sizes, [.. points.Select(point => point.MsPerImage)]),
                new Series("fixed part and work", sizes, [.. points.Select(point => grown.Expected(point.Size) / point.Images)]),
            ],
            logY: true,
            logX: true
        );
    }

    private static string Text(IEnumerable<Grown> lines)
    {
        Table table = new Table().RoundedBorder().AddColumns("sizes", "ms a step", "µs an image", "resident MB", "fixed ms", "off", "why");
        foreach (Grown grown in lines)
        {
            (GrowthPoint first, GrowthPoint last) = (grown.Points.First(), grown.Points.Last());
            table.AddRow(
                $"{grown.Line.Axis}, {first.Size} to {last.Size}",
                Span(first.Ms, last.Ms),
                Span(1e3 * first.MsPerImage, 1e3 * last.MsPerImage),
                Span(first.ResidentMb, last.ResidentMb),
                $"{grown.FixedMs:G3}",
                $"{grown.Deviation:P0}",
                grown.Deviation > Asked ? grown.Line.Bend : ""
            );
        }

        return Tables.Draw(table).TrimEnd();
    }

    private static string Span(double first, double last) => $"{Show(first)} to {Show(last)}";

    private static string Show(double number) => number.ToString(number < 1000 ? "G3" : "F0");
}
