using System.Text.Json;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>Saves the model along the way, under names that tell the epoch and its numbers.</summary>
internal sealed class ModelCheckpointCallback : KnownCallback
{
    private double? _best;

    [Option]
    public string Path { get; init; } = "models/{epoch:04d}.safetensors";

    [Option]
    public string Monitor { get; init; } = "val_loss";

    [Option]
    public MonitorMode Mode { get; init; }

    [Option]
    public bool BestOnly { get; init; }

    [Option]
    public bool WeightsOnly { get; init; }

    /// <summary>Batches between files, or 0 for one at the end of each epoch.</summary>
    [Option(Least = 0)]
    public int EveryBatches { get; init; }

    public override string Key => "model-checkpoint";

    internal override IEnumerable<string> Watched => Used.Except(Places);

    private FileNamePattern FileName => FileNamePattern.Parse(Path);

    private IEnumerable<string> Used => BestOnly ? [.. FileName.Names, Monitor] : FileName.Names;

    private IEnumerable<string> Places => EveryBatches == 0 ? ["epoch", "step"] : ["epoch", "step", "batch"];

    public override void Validate()
    {
        base.Validate();
        string? unknown = Watched.FirstOrDefault(name => name != "loss");
        if (EveryBatches > 0 && unknown is not null)
            Core.Errors.option<Unit>(Key, $"'{unknown}' between epochs", $"one of {string.Join(", ", Places)}, loss", "");
    }

    protected internal override void OnStart(TrainingRun run)
    {
        if (run.Step == 0)
            _best = null;
    }

    protected internal override void OnStep(TrainingRun run)
    {
        if (EveryBatches == 0 || run.Step % EveryBatches != 0)
            return;
        Save(
            run,
            new Dictionary<string, double>
            {
                ["epoch"] = run.Epoch + 1,
                ["step"] = run.Step,
                ["batch"] = run.Batch,
                ["loss"] = run.Loss,
            }
        );
    }

    protected internal override void OnEpoch(TrainingRun run, EpochMetrics epoch)
    {
        // Phases of a training need not report the same numbers.
        if (EveryBatches == 0 && Watched.All(epoch.Values.ContainsKey))
            Save(run, new Dictionary<string, double>(epoch.Values) { ["epoch"] = epoch.Epoch, ["step"] = epoch.Step });
    }

    protected internal override string SaveState() => _best is { } best ? JsonSerializer.Serialize(best) : "";

    protected internal override void RestoreState(string state) => _best = JsonSerializer.Deserialize<double>(state);

    private void Save(TrainingRun run, Dictionary<string, double> numbers)
    {
        if (BestOnly)
        {
            FSharpOption<double>? best = _best is { } value ? FSharpOption<double>.Some(value) : null;
            if (!Core.MonitorModule.isBetter(Mode.Watch(Monitor, minDelta: 0), best, numbers[Monitor]))
                return;
            _best = numbers[Monitor];
        }

        string path = FileName.Fill(numbers);
        if (WeightsOnly)
            run.SaveParameters(path);
        else
            run.Model.Save(path);
        run.Note($"{Key}: {path}");
    }
}
