using System.Diagnostics;
using System.Text.Json;
using Functional.Core.Engines;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>One training: the core's steps, with callbacks and progress around them.</summary>
internal sealed class TrainingSession<TParameters, TModel> : TrainingRun, ITraining<TModel>, Core.TrainingObserver
    where TModel : TrainedModel
{
    private readonly ModelKind<TParameters, TModel> _kind;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly Core.Training<TParameters> _training;
    private readonly CallbackList _callbacks;
    private readonly List<EpochMetrics> _history = [];
    private readonly List<string> _notes = [];
    private readonly Stopwatch _watch = new();
    private readonly double _rate;
    private TModel? _ending;
    private double _loss = double.NaN;
    private int _batch;
    private bool _isBest;
    private bool _isResumed;

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
        _rate = options.ToCore().Optimizer.Rate;
        _callbacks = new CallbackList(options.Callbacks);
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
        MetricNames = [.. _training.MetricNames, .. kind.DescribedNames];
    }

    public override string Kind => _kind.Name;

    public override TrainingOptions Options { get; }

    public override DataRows Data { get; }

    public override int Epoch => _training.Epoch;

    public override int Step => _training.StepCount;

    public override int Batch => _batch;

    public override double Loss => _loss;

    public override IReadOnlyList<string> MetricNames { get; }

    public override History History => new(_history);

    public override TrainedModel Model => Trained;

    public override bool IsBest => _isBest;

    public override bool IsResumed => _isResumed;

    public override double Rate
    {
        get => _rate * _training.RateFactor;
        set
        {
            if (!(value > 0 && double.IsFinite(value)))
                Core.Errors.option<Unit>("rate", $"{value}", "more than 0", "");
            _training.RateFactor = value / _rate;
        }
    }

    internal override IEnumerable<(string Path, float[] Values)> Parameters =>
        Core.Tree.leaves(_training.Parameters).Select(leaf => (leaf.Path, leaf.Tensor.ToFloat32s()));

    public long PeakBytes => _training.PeakBytes;

    private TModel Trained => _ending ?? Wrap(_training.Snapshot());

    /// <summary>Trains to the last epoch.</summary>
    public TModel Run(CancellationToken cancellation)
    {
        _callbacks.Start(this);
        if (Step == 0)
            _training.Parameters = _kind.Fit(_training.Parameters, Data);
        _watch.Start();
        try
        {
            if (_training.Run(this, cancellation))
                return Finish();
        }
        catch (Core.DivergedException fault)
        {
            _callbacks.Stop(this);
            throw Diverged(fault);
        }

        _callbacks.Stop(this);
        throw new OperationCanceledException($"Training was interrupted after {Epoch} of {Options.Epochs} epochs.", cancellation);
    }

    public override void Stop() => _training.Stop();

    public override void Note(string text)
    {
        if (_progress is not null)
            _notes.Add(text);
    }

    internal override void Keep() => _training.Keep();

    internal override void TakeKept() => _ending = _training.Kept is { } kept ? Wrap(kept.Value) : null;

    internal override void SaveParameters(string path) => Core.Checkpoint.save(path, ModelFile.Metadata(), _training.Parameters);

    internal override void SaveState(string path)
    {
        FSharpMap<string, string> about = ModelFile.Metadata(
            ("format", ModelFile.StateFormat),
            ("model", Kind),
            ("callbacks", _callbacks.Save(this)),
            ("functional", RunConfig.Version)
        );
        _training.Save(path, about);
    }

    internal override void RestoreState(string path)
    {
        FSharpMap<string, string> about = _training.Restore(path);
        if (!about.TryGetValue("callbacks", out string? callbacks))
            return;
        try
        {
            _callbacks.Restore(this, callbacks);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException(
                $"{path}: found callbacks in the metadata that can not be read ({Sentence.Of(fault).TrimEnd('.')}).",
                fault
            );
        }
    }

    internal override void RestoreHistory(IEnumerable<EpochMetrics> epochs)
    {
        _isResumed = true;
        _history.AddRange(epochs);
    }

    void Core.TrainingObserver.OnStep(Core.StepReport step)
    {
        (_batch, _loss) = (step.Batch, step.Loss);
        _callbacks.Step(this);
        Report(step.Epoch, step.Batch, step.Loss, completed: null);
    }

    void Core.TrainingObserver.OnEpoch(Core.EpochReport report)
    {
        Dictionary<string, double> values = report.Metrics.ToDictionary(metric => metric.Item1, metric => metric.Item2);
        Description description = _kind.Describe(_training.Parameters, Data, Options.Validation, report.Epoch);
        foreach ((string name, double value) in description.Numbers)
            values.Add(name, value);
        foreach (string note in description.Notes)
            Note(note);
        EpochMetrics epoch = new(report.Epoch, report.Step, Math.Round(report.Seconds, 6), values.AsReadOnly());
        _history.Add(epoch);
        (_batch, _isBest) = (0, report.IsBest);
        _callbacks.Epoch(this, epoch);
        Report(epoch.Epoch, Batches, epoch["loss"], epoch);
    }

    void Core.TrainingObserver.OnRollback(Core.RollbackReport rollback)
    {
        Note(
            $"rollback: found {rollback.Fault} at step {rollback.Step}, so epoch {rollback.Epoch} begins anew with the rate {_rate * rollback.RateFactor:G4}"
        );
        Report(rollback.Epoch, 0, _loss, completed: null);
    }

    private TModel Finish()
    {
        _callbacks.End(this);
        if (_notes.Count > 0)
            Report(Epoch, Batches, _loss, completed: null);
        return Trained;
    }

    private TModel Wrap(TParameters parameters) => _kind.Wrap(parameters, Data.RowShape, History);

    private void Report(int epoch, int batch, double loss, EpochMetrics? completed)
    {
        if (_progress is null)
            return;
        string[] notes = _notes.Count == 0 ? [] : [.. _notes];
        _notes.Clear();
        _progress.Report(
            new TrainingProgress(epoch, Options.Epochs, batch, Batches, loss, _watch.Elapsed.TotalSeconds, completed) { Notes = notes }
        );
    }

    private static void Check(ModelKind<TParameters, TModel> kind, TrainingOptions options, DataRows data)
    {
        options.Validate();
        if (data.Count == 0)
            Core.Errors.option<Unit>("data", $"no rows in {data.Name}", "one or more", "");
        kind.CheckTraining(data);
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

    private TrainingDivergedException Diverged(Core.DivergedException fault)
    {
        string? last = _callbacks.LastCheckpoint;
        string where = last is null ? "" : $" What was learnt before is in {last}.";
        string message = char.ToUpperInvariant(fault.Message[0]) + fault.Message[1..] + where;
        return new TrainingDivergedException(message, fault.Step, fault.Culprit?.Value ?? fault.Fault, last, fault);
    }
}
