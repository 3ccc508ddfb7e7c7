namespace Functional;

/// <summary>Keeps a run folder. The checkpoint is written last: what it stands for is on the disk before it.</summary>
internal sealed class CheckpointCallback(RunPaths paths, bool isResumed) : Callback
{
    private const int SampleCount = 64;
    private const int SampleColumns = 8;

    internal override string? LastCheckpoint => File.Exists(paths.Last) ? paths.Last : null;

    internal override void OnStart(ITrainingSession session)
    {
        if (isResumed)
            Continue(session);
        else
            paths.Claim();
        RunConfig.Of(session).Write(paths.Config);
    }

    internal override void OnEpoch(ITrainingSession session, EpochMetrics epoch, bool isBest)
    {
        MetricsFile.Append(paths.Metrics, epoch);
        TrainedModel model = session.Model;
        if (model is ISampler sampler && session.Data.AreImages)
            sampler.Sample(SampleCount, session.Options.Seed).SavePng(paths.Sample(epoch.Epoch), SampleColumns);
        if (isBest)
            model.Save(paths.Best);
        model.Save(paths.Model);
        session.SaveState(paths.Last);
        if (epoch.Epoch == session.Options.Epochs)
            Report.Save(paths.Folder);
        // Pictures and files leave large buffers, which pile up until the collector looks at all generations; asked once an epoch, memory
        // stays flat for a few milliseconds.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
    }

    internal override void OnStop(ITrainingSession session)
    {
        session.Model.Save(paths.Model);
        session.SaveState(paths.Last);
        Report.Save(paths.Folder);
    }

    private void Continue(ITrainingSession session)
    {
        paths.RemoveUnfinished();
        // A run that was killed before its first checkpoint begins anew.
        if (File.Exists(paths.Last))
            session.RestoreState(paths.Last);
        int done = session.Epoch;
        if (session.Options.Epochs < done)
            Core.Errors.option<string>("epochs", $"{session.Options.Epochs}", $"{done} or more, which the run has already", "");
        session.RestoreHistory(MetricsFile.Cut(paths.Metrics, done));
    }
}
