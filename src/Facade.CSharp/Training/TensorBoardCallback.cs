using Functional.TensorBoard;

namespace Functional;

/// <summary>Writes event files for TensorBoard.</summary>
internal sealed class TensorBoardCallback : KnownCallback
{
    private EventLog? _log;

    [Option]
    public string Folder { get; init; } = "logs";

    [Option]
    public bool Histograms { get; init; }

    [Option]
    public bool Images { get; init; } = true;

    public override string Key => "tensorboard";

    protected internal override void OnStart(TrainingRun run) =>
        _log = run.IsResumed ? EventLog.Continue(Folder, run.Step) : EventLog.Begin(Folder);

    protected internal override void OnEpoch(TrainingRun run, EpochMetrics epoch)
    {
        _log?.Write(epoch.Step, Summaries.Scalars(run, epoch));
        if (Histograms)
            _log?.Write(epoch.Step, run.Parameters.Select(parameter => Summaries.Histogram(parameter.Path, parameter.Values)));
        if (Images && SamplePicture.Of(run) is { } picture)
            _log?.Write(epoch.Step, Summaries.Image("samples", picture));
    }
}
