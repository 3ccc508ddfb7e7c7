using System.Globalization;
using System.Text;

namespace Functional;

/// <summary>Writes the numbers of each epoch as a line of a CSV file. It holds no times: equal trainings have equal files.</summary>
internal sealed class CsvLogCallback : KnownCallback
{
    [Option]
    public string Path { get; init; } = "metrics.csv";

    public override string Key => "csv-log";

    protected internal override void OnStart(TrainingRun run)
    {
        string heading = Line(["epoch", "step", "rate", .. run.MetricNames]);
        string[] kept = run.IsResumed && File.Exists(Path) ? [.. File.ReadLines(Path).Skip(1).Take(run.Epoch)] : [];
        TextFile.Write(Path, heading + string.Concat(kept.Select(line => line + "\n")));
    }

    protected internal override void OnEpoch(TrainingRun run, EpochMetrics epoch)
    {
        // A number that the epoch does not report leaves its cell empty.
        IEnumerable<double?> numbers =
        [
            epoch.Epoch,
            epoch.Step,
            run.Rate,
            .. run.MetricNames.Select(name => epoch.Values.TryGetValue(name, out double value) ? value : (double?)null),
        ];
        using FileStream file = new(Path, FileMode.Append);
        file.Write(Encoding.UTF8.GetBytes(Line(numbers.Select(number => number?.ToString("R", CultureInfo.InvariantCulture) ?? ""))));
        file.Flush(flushToDisk: true);
    }

    private static string Line(IEnumerable<string> cells) => string.Join(',', cells) + "\n";
}
