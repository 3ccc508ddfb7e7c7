using System.Text.Json;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>Lowers the learning rate of a training whose watched number no longer gets better.</summary>
internal sealed class ReduceLROnPlateauCallback : KnownCallback
{
    private Core.PlateauState _state = Core.PlateauModule.start;

    [Option]
    public string Monitor { get; init; } = "val_loss";

    [Option(Least = 0, IsAbove = true, Most = 0.999999)]
    public double Factor { get; init; } = 0.1;

    [Option(Least = 0)]
    public int Patience { get; init; } = 10;

    [Option]
    public MonitorMode Mode { get; init; }

    [Option(Least = 0)]
    public double MinDelta { get; init; } = 1e-4;

    [Option(Least = 0)]
    public int Cooldown { get; init; }

    [Option(Least = 0)]
    public double MinRate { get; init; }

    public override string Key => "reduce-lr-on-plateau";

    internal override IEnumerable<string> Watched => [Monitor];

    private Core.Plateau Rule => new(Mode.Watch(Monitor, MinDelta), Factor, Patience, Cooldown, MinRate);

    protected internal override void OnStart(TrainingRun run)
    {
        if (run.Step == 0)
            _state = Core.PlateauModule.start;
    }

    protected internal override void OnEpoch(TrainingRun run, EpochMetrics epoch)
    {
        // Phases of a training need not report the same numbers.
        if (!epoch.Values.TryGetValue(Monitor, out double value))
            return;
        double before = run.Rate;
        (_state, double after) = Core.PlateauModule.step(Rule, _state, before, value);
        if (after == before)
            return;
        run.Rate = after;
        run.Note($"{Key}: {Monitor} did not get better, so the rate goes from {before:G6} to {after:G6} after epoch {epoch.Epoch}");
    }

    protected internal override string SaveState() =>
        JsonSerializer.Serialize(new Memory(_state.Best?.Value, _state.Wait, _state.Cooldown));

    protected internal override void RestoreState(string state) =>
        _state = JsonSerializer.Deserialize<Memory>(state) is { } memory
            ? new(memory.Best is { } best ? FSharpOption<double>.Some(best) : null, memory.Wait, memory.Cooldown)
            : Core.PlateauModule.start;

    private sealed record Memory(double? Best, int Wait, int Cooldown);
}
