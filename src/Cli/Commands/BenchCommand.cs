using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Functional.Workloads;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Spectre.Console;

namespace Functional.Cli;

/// <summary>bench: times training steps, beside those of another library.</summary>
internal static class BenchCommand
{
    private static readonly string[] Columns = ["ours ms", "peer ms", "ratio", "least ms", "times least"];

    private static readonly Option<string[]> Names = new("--workload")
    {
        HelpName = "W",
        Description = $"Which training steps: {string.Join(", ", Catalog.all.Select(workload => workload.Name))}; all when not given.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string?> PeerCommand = Switches.Text(
        "--peer",
        "CMD",
        "Another library's program: CMD W takes the same steps and prints a JSON line with workload and median_ms. Timed in turn with ours."
    );

    private static readonly Option<int> Rounds = Switches.Whole(
        "--rounds",
        1,
        "How often each is timed, ours and then the peer's; 3 when not given."
    );
    private static readonly Option<int> Threads = Switches.Threads();
    private static readonly Option<bool> NoCheck = new("--no-check")
    {
        Description = "Time the peer without comparing first what its steps come to.",
    };

    private static readonly Option<bool> Scaling = new("--scaling")
    {
        Description = "Instead of all that: how the time of steps grows with their sizes, as numbers and as charts.",
    };

    private static readonly Option<string?> Output = new("--output", "-o")
    {
        HelpName = "DIR",
        Description = "The folder of the charts; scaling when not given.",
    };

    public static Verb Create() =>
        new(
            "bench",
            "Times training steps, beside those of another library.",
            "functional bench --workload mlp cnn --peer ../shared/peers/run.sh",
            Run,
            Names,
            PeerCommand,
            Rounds,
            Threads,
            NoCheck,
            Scaling,
            Output
        );

    private static Result Run(ParseResult line)
    {
        string[] names = line.GetValue(Names) ?? [];
        FSharpList<Workload> workloads =
            names.Length == 0 ? Catalog.all : ListModule.OfSeq(names.Distinct().Select(name => Catalog.find(name)));
        RefuseWhatDoesNotGoTogether(line);
        using Interrupts interrupts = new();
        WarnOfLoad();
        if (line.GetValue(Scaling))
            return BenchScaling.Run(line.GetValue(Output) ?? "scaling", Options(line, interrupts.Token), GrowthLines.all);
        Measured[] measured = [.. Comparison.run(Options(line, interrupts.Token), workloads)];
        return new Result(new JsonObject { ["rows"] = new JsonArray([.. measured.Select(Json)]) }, Text(measured));
    }

    private static void RefuseWhatDoesNotGoTogether(ParseResult line)
    {
        bool scales = line.GetValue(Scaling);
        Option[] compared = [Names, PeerCommand, NoCheck];
        if (scales && compared.FirstOrDefault(option => IsGiven(line, option)) is { } other)
            throw new ArgumentException($"--scaling: found beside {other.Name}, expected without; its sizes are its own.");
        if (!scales && IsGiven(line, Output))
            throw new ArgumentException("--output: found without --scaling, expected beside it; only --scaling draws charts.");
    }

    private static bool IsGiven(ParseResult line, Option option) => line.GetResult(option) is { Implicit: false };

    private static ComparisonOptions Options(ParseResult line, CancellationToken token)
    {
        int threads = line.GetValue(Threads);
        ComparisonOptions usual = Comparison.defaults(threads);
        return new ComparisonOptions(
            threads: threads,
            rounds: line.GetValue(Rounds) is > 0 and int rounds ? rounds : usual.Rounds,
            peer: line.GetValue(PeerCommand) is { } command ? FSharpOption<Peer>.Some(new Peer(command, threads)) : null,
            check: !line.GetValue(NoCheck),
            report: StandardError.Report,
            cancellation: token
        );
    }

    /// <summary>Says so on standard error when other programs are at work, where the system tells.</summary>
    private static void WarnOfLoad()
    {
        const string file = "/proc/loadavg";
        if (!File.Exists(file))
            return;
        double load = double.Parse(File.ReadAllText(file).Split(' ')[0], CultureInfo.InvariantCulture);
        if (load > 0.25 * Machine.Processors)
            Console.Error.WriteLine($"The load of this machine's {Machine.Processors} processors is {load}: times will vary.");
    }

    private static double?[] Numbers(Measured row) =>
        [row.OursMs, row.PeerMs?.Value, row.Ratio?.Value, row.Workload.LeastMs?.Value, row.TimesLeast?.Value];

    private static JsonObject Json(Measured row)
    {
        JsonObject json = new() { ["workload"] = row.Workload.Name };
        foreach ((string column, double? number) in Columns.Zip(Numbers(row)))
            json[column.Replace(' ', '_')] = number;
        return json;
    }

    private static string Text(IEnumerable<Measured> rows)
    {
        Table table = new Table().RoundedBorder().AddColumn("workload");
        foreach (string column in Columns)
            table.AddColumn(column, made => made.RightAligned());
        foreach (Measured row in rows)
            table.AddRow([row.Workload.Name, .. Numbers(row).Select(number => number is { } known ? known.ToString("G4") : "")]);
        return Tables.Draw(table).TrimEnd();
    }
}
