using Functional.TensorBoard;

namespace Functional;

/// <summary>Keeps a run folder. The checkpoint is written last: what it stands for is on the disk before it.</summary>
internal sealed class CheckpointCallback(RunPaths paths, bool isResumed) : Callback
{
    private EventLog? _events;

    internal override bool IsOurs => true;

    internal override string? LastCheckpoint => File.Exists(paths.Last) ? paths.Last : null;

    internal override void Resume(TrainingRun run)
    {
        if (!isResumed)
            return;
        paths.RemoveUnfinished();
        // A run that was killed before its first checkpoint begins anew.
        if (File.Exists(paths.Last))
            run.RestoreState(paths.Last);
        int done = run.Epoch;
        if (run.Options.Epochs < done)
            Core.Errors.option<string>("epochs", $"{run.Options.Epochs}", $"{done} or more, which the run has already", "");
        run.RestoreHistory(MetricsFile.Cut(paths.Metrics, done));
    }

    protected internal override void OnStart(TrainingRun run)
    {
        if (!isResumed)
            paths.Claim();
        RunConfig.Of(run).Write(paths.Config);
        _events = isResumed ? EventLog.Continue(paths.Folder, run.Step) : EventLog.Begin(paths.Folder);
    }

    protected internal override void OnEpoch(TrainingRun run, EpochMetrics epoch)
    {
        MetricsFile.Append(paths.Metrics, epoch);
        _events?.Write(epoch.Step, Summaries.Scalars(run, epoch));
        if (SamplePicture.Of(run) is { } picture)
        {
            Core.Png.write(paths.Sample(epoch.Epoch), picture);
            _events?.Write(epoch.Step, Summaries.Image("samples", picture));
        }

        TrainedModel model = run.Model;
        if (run.IsBest)
            model.Save(paths.Best);
        model.Save(paths.Model);
        run.SaveState(paths.Last);
        // Pictures and files leave large buffers, which pile up until the collector looks at all generations; asked once an epoch, memory
        // stays flat for a few milliseconds.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
    }

    protected internal override void OnStop(TrainingRun run)
    {
        run.Model.Save(paths.Model);
        run.SaveState(paths.Last);
        Report.Save(paths.Folder);
    }

    protected internal override void OnEnd(TrainingRun run)
    {
        // The model that training ends with may be an earlier one than that of the last epoch.
        run.Model.Save(paths.Model);
        Report.Save(paths.Folder);
    }
}
