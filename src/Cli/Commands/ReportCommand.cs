using System.CommandLine;
using System.Text.Json.Nodes;

namespace Functional.Cli;

/// <summary>report: a page about a run.</summary>
internal static class ReportCommand
{
    private static readonly Argument<string> Source = new("RUN") { Description = "A run folder." };
    private static readonly Option<string?> Output = Switches.Output("The HTML file; report.html in the run folder when not given.");

    public static Verb Create() =>
        new(
            "report",
            "Writes a page about a run: what was trained on what, learning curves, pictures. It needs no network.",
            "functional report runs/letters -o letters.html",
            Run,
            Source,
            Output
        );

    private static Result Run(ParseResult line)
    {
        string path = Report.Save(line.GetRequiredValue(Source), line.GetValue(Output));
        return new Result(new JsonObject { ["file"] = path }, path);
    }
}
