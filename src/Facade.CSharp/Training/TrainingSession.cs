using System.Diagnostics;
using Functional.Core.Engines;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>One training: the core's steps, with callbacks and progress around them.</summary>
internal sealed class TrainingSession<TParameters, TModel> : ITrainingSession, Core.TrainingObserver
    where TModel : TrainedModel
{
    private readonly ModelKind<TParameters, TModel> _kind;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly Core.Training<TParameters> _training;
    private readonly List<EpochMetrics> _history = [];
    private readonly Stopwatch _watch = new();

    public TrainingSession(
        ModelKind<TParameters, TModel> kind,
        TrainingOptions options,
        DataRows data,
        IProgress<TrainingProgress>? progress
    )
    {
        Check(kind, options, data);
        _kind = kind;
        Options = options;
        Data = data;
        _progress = progress;
        FSharpOption<Core.Dataset>? validation = options.Validation is { Count: > 0 } rows
            ? FSharpOption<Core.Dataset>.Some(kind.Prepare(rows.Set))
            : null;
        _training = new Core.Training<TParameters>(
            ComputeEngines.Get(options),
            kind.Phases,
            options.ToCore(),
            kind.Create(data.RowShape),
            kind.Prepare(data.Set),
            validation
        );
    }

    public string Kind => _kind.Name;

    public TrainingOptions Options { get; }

    public DataRows Data { get; }

    public int Epoch => _training.Epoch;

    TrainedModel ITrainingSession.Model => Model;

    private TModel Model => _kind.Wrap(_training.Parameters, Data.RowShape, new History(_history));

    /// <summary>Trains to the last epoch.</summary>
    public TModel Run(CancellationToken cancellation)
    {
        foreach (Callback callback in Options.Callbacks)
            callback.OnStart(this);
        _watch.Start();
        try
        {
            if (_training.Run(this, cancellation))
                return Model;
        }
        catch (Core.DivergedException fault)
        {
            Stop();
            throw Diverged(fault);
        }

        Stop();
        throw new OperationCanceledException($"Training was interrupted after {Epoch} of {Options.Epochs} epochs.", cancellation);
    }

    public void SaveState(string path)
    {
        FSharpMap<string, string> about = ModelFile.Metadata(
            ("format", ModelFile.StateFormat),
            ("model", Kind),
            ("functional", RunConfig.Version)
        );
        _training.Save(path, about);
    }

    public void RestoreState(string path) => _training.Restore(path);

    public void RestoreHistory(IEnumerable<EpochMetrics> epochs) => _history.AddRange(epochs);

    void Core.TrainingObserver.OnStep(Core.StepReport step) =>
        _progress?.Report(
            new TrainingProgress(step.Epoch, Options.Epochs, step.Batch, step.Batches, step.Loss, _watch.Elapsed.TotalSeconds, null)
        );

    void Core.TrainingObserver.OnEpoch(Core.EpochReport report)
    {
        Dictionary<string, double> values = report.Metrics.ToDictionary(metric => metric.Item1, metric => metric.Item2);
        EpochMetrics epoch = new(report.Epoch, report.Step, Math.Round(report.Seconds, 6), values.AsReadOnly());
        _history.Add(epoch);
        foreach (Callback callback in Options.Callbacks)
            callback.OnEpoch(this, epoch, report.IsBest);
        int batches = (Data.Count + Options.BatchSize - 1) / Options.BatchSize;
        _progress?.Report(
            new TrainingProgress(epoch.Epoch, Options.Epochs, batches, batches, epoch["loss"], _watch.Elapsed.TotalSeconds, epoch)
        );
    }

    private static void Check(ModelKind<TParameters, TModel> kind, TrainingOptions options, DataRows data)
    {
        options.Validate();
        if (data.Count == 0)
            Core.Errors.option<Unit>("data", $"no rows in {data.Name}", "one or more", "");
        kind.Check(data);
        if (options.Validation is not { Count: > 0 } validation)
            return;
        if (!validation.RowShape.SequenceEqual(data.RowShape))
            Core.Errors.option<Unit>(
                "Validation",
                $"rows of {Core.Errors.show(validation.Set.Shape)}",
                $"{Core.Errors.show(data.Set.Shape)}, as in the rows to train on",
                ""
            );
        kind.Check(validation);
    }

    private void Stop()
    {
        foreach (Callback callback in Options.Callbacks)
            callback.OnStop(this);
    }

    private TrainingDivergedException Diverged(Core.DivergedException fault)
    {
        string? last = Options.Callbacks.Select(callback => callback.LastCheckpoint).FirstOrDefault(path => path is not null);
        string where = last is null ? "" : $" What was learnt before is in {last}.";
        string message = char.ToUpperInvariant(fault.Message[0]) + fault.Message[1..] + where;
        return new TrainingDivergedException(message, fault.Step, fault.Culprit, last, fault);
    }
}
