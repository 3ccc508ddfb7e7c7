using System.Text.Json;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>Ends a training whose watched number no longer gets better.</summary>
internal sealed class EarlyStoppingCallback : KnownCallback
{
    private Core.EarlyStoppingState _state = Core.EarlyStoppingModule.start;

    [Option]
    public string Monitor { get; init; } = "val_loss";

    [Option(Least = 0)]
    public double MinDelta { get; init; }

    [Option(Least = 0)]
    public int Patience { get; init; }

    [Option]
    public MonitorMode Mode { get; init; }

    [Option]
    public double? Baseline { get; init; }

    [Option]
    public bool RestoreBest { get; init; }

    [Option(Least = 0)]
    public int StartFromEpoch { get; init; }

    public override string Key => "early-stopping";

    internal override IEnumerable<string> Watched => [Monitor];

    private Core.EarlyStopping Rule =>
        new(Mode.Watch(Monitor, MinDelta), Patience, Baseline is { } baseline ? FSharpOption<double>.Some(baseline) : null, StartFromEpoch);

    protected internal override void OnStart(TrainingRun run)
    {
        // The same object may serve several trainings.
        if (run.Step == 0)
            _state = Core.EarlyStoppingModule.start;
    }

    protected internal override void OnEpoch(TrainingRun run, EpochMetrics epoch)
    {
        // Phases of a training need not report the same numbers.
        if (!epoch.Values.TryGetValue(Monitor, out double value))
            return;
        (_state, Core.EarlyStoppingDecision decision) = Core.EarlyStoppingModule.step(Rule, _state, epoch.Epoch, value);
        if (decision.IsBest && RestoreBest)
            run.Keep();
        if (!decision.Stop)
            return;
        run.Stop();
        run.Note($"{Key}: {Monitor} was best in epoch {_state.BestEpoch}, so training stops after epoch {epoch.Epoch}");
    }

    protected internal override void OnEnd(TrainingRun run)
    {
        if (!RestoreBest || _state.Best is not { } best)
            return;
        run.TakeKept();
        run.Note($"{Key}: the model is that of epoch {_state.BestEpoch}, whose {Monitor} was {best.Value:G6}");
    }

    protected internal override string SaveState() =>
        JsonSerializer.Serialize(new Memory(_state.Best?.Value, _state.BestEpoch, _state.Wait));

    protected internal override void RestoreState(string state) =>
        _state = JsonSerializer.Deserialize<Memory>(state) is { } memory
            ? new(memory.Best is { } best ? FSharpOption<double>.Some(best) : null, memory.BestEpoch, memory.Wait)
            : Core.EarlyStoppingModule.start;

    private sealed record Memory(double? Best, int BestEpoch, int Wait);
}
