using System.CommandLine;
using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using Functional.Experiments;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Spectre.Console;

namespace Functional.Cli;

/// <summary>reproduce: runs published experiments and shows the published numbers beside ours.</summary>
internal static class ReproduceCommand
{
    private static readonly Argument<string[]> Ids = new("ID")
    {
        Description = "Which experiments to run; --list shows them.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<bool> ListOnly = new("--list") { Description = "List the experiments and run none." };
    private static readonly Option<bool> All = new("--all") { Description = "Run every experiment." };
    private static readonly Option<bool> Quick = new("--quick") { Description = "Under a minute each: less data, looser bounds." };
    private static readonly Option<string?> Out = Switches.Text(
        "--out",
        "DIR",
        "The experiment's folder, or with several the folder of theirs; reproduce/ID-DATE-TIME when not given."
    );
    private static readonly Option<string?> DataDir = Switches.DataDir();
    private static readonly Option<int> Threads = Switches.Threads();
    private static readonly Option<long> Seed = Switches.Seed();

    public static Verb Create() =>
        new(
            "reproduce",
            "Runs published experiments and shows the published numbers beside ours.",
            "functional reproduce vanishing-gradient",
            Run,
            Ids,
            ListOnly,
            All,
            Quick,
            Out,
            DataDir,
            Threads,
            Seed
        );

    /// <summary>How several experiments ended together: a miss or a failure counts more than data that were not there.</summary>
    internal static int CodeOf(IEnumerable<Ending> endings) =>
        endings.Select(CodeOf).Where(code => code != ExitCode.Done).DefaultIfEmpty(ExitCode.Done).Min();

    private static int CodeOf(Ending ending) =>
        ending switch
        {
            Ending.Finished { Outcome.Passes: true } => ExitCode.Done,
            Ending.Failed failed => ExitCode.Of(failed.Fault),
            _ => ExitCode.Failed,
        };

    private static Result Run(ParseResult line)
    {
        string[] ids = line.GetValue(Ids) ?? [];
        if (line.GetValue(ListOnly))
            return List();
        if (ids.Length == 0 && !line.GetValue(All))
            throw new ArgumentException("ID: found none, expected experiments, or --all; --list shows them.");
        IReadOnlyList<Experiment> experiments = line.GetValue(All) ? Catalog.all : [.. ids.Distinct().Select(Catalog.find)];
        using Interrupts interrupts = new();
        FSharpList<Ending> endings = Harness.runAll(Options(line, interrupts.Token), Folders(line.GetValue(Out), experiments), experiments);
        // The failure of the only experiment asked for is the command's.
        if (endings is [Ending.Failed failed])
            ExceptionDispatchInfo.Throw(failed.Fault);
        return new Result(new JsonObject { ["experiments"] = new JsonArray([.. endings.Select(Json)]) }, Text(endings))
        {
            Code = CodeOf(endings),
        };
    }

    private static RunOptions Options(ParseResult line, CancellationToken token) =>
        new(
            quick: line.GetValue(Quick),
            seed: line.GetResult(Seed) is null ? Harness.defaults.Seed : line.GetValue(Seed),
            dataDir: line.GetValue(DataDir) is { } folder ? FSharpOption<string>.Some(folder) : null,
            threads: line.GetValue(Threads),
            report: StandardError.Report,
            cancellation: token
        );

    private static FSharpFunc<string, string> Folders(string? folder, IReadOnlyList<Experiment> experiments)
    {
        string time = $"{DateTime.Now:yyyyMMdd-HHmmss}";
        return FSharpFunc<string, string>.FromConverter(id =>
            folder is null ? Path.Combine("reproduce", $"{id}-{time}")
            : experiments.Count == 1 ? folder
            : Path.Combine(folder, id)
        );
    }

    private static Result List()
    {
        JsonArray json =
        [
            .. Catalog.all.Select(experiment => new JsonObject
            {
                ["id"] = experiment.Id,
                ["title"] = experiment.Title,
                ["source"] = experiment.Source,
                ["needs"] = new JsonArray([.. experiment.Needs.Select(name => JsonValue.Create(name))]),
            }),
        ];
        return new Result(
            new JsonObject { ["experiments"] = json },
            Result.Lines(Catalog.all.Select(experiment => (experiment.Id, experiment.Title)))
        );
    }

    private static JsonNode Json(Ending ending) =>
        ending switch
        {
            Ending.Finished finished => Experiments.Report.json(finished.Outcome),
            Ending.Failed failed => new JsonObject
            {
                ["id"] = failed.Experiment.Id,
                ["rows"] = new JsonArray(),
                ["pass"] = false,
                ["error"] = CommandLine.Sentence(failed.Fault),
            },
            _ => throw new ArgumentOutOfRangeException(nameof(ending)),
        };

    private static string Text(IReadOnlyList<Ending> endings)
    {
        IEnumerable<Outcome> outcomes = endings.OfType<Ending.Finished>().Select(finished => finished.Outcome);
        IEnumerable<string> notes =
        [
            .. outcomes.Select(outcome =>
                $"{outcome.Experiment.Id}: {(outcome.Passes ? "pass" : "miss")}, {outcome.Seconds:F1} s, {outcome.Folder}"
            ),
            .. endings
                .OfType<Ending.Failed>()
                .Select(failed => $"{failed.Experiment.Id} could not run: {CommandLine.Sentence(failed.Fault)}"),
        ];
        return string.Join('\n', outcomes.Select(Draw).Append(string.Join('\n', notes)));
    }

    private static string Draw(Outcome outcome)
    {
        Table table = new Table()
            .Title($"{outcome.Experiment.Id}: {outcome.Experiment.Title}".EscapeMarkup())
            .Caption($"{outcome.Experiment.Source}. {outcome.Seconds:F1} s".EscapeMarkup())
            .RoundedBorder()
            .AddColumns("measured", "published", "ours", "difference", "bound", "verdict");
        foreach (Row row in outcome.Rows)
        {
            Cells cells = Experiments.Report.cells(row);
            string[] texts = [cells.Name, cells.Published, cells.Ours, cells.Difference, cells.Bound];
            string verdict = cells.Verdict is "miss" ? "[red]miss[/]" : cells.Verdict;
            table.AddRow([.. texts.Select(text => text.EscapeMarkup()), verdict]);
        }

        return Tables.Draw(table);
    }
}
