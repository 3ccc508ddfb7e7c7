using System.Text.Json;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>A run that <see cref="Callbacks.Checkpoint"/> kept, to look into or to go on with.</summary>
public sealed class RunFolder
{
    private readonly RunPaths _paths;
    private readonly RunConfig _config;

    private RunFolder(RunPaths paths, RunConfig config, ITrainer trainer, TrainingOptions options)
    {
        _paths = paths;
        _config = config;
        Trainer = trainer;
        Options = options;
    }

    /// <summary>Where it is.</summary>
    public string Folder => _paths.Folder;

    /// <summary>What the run says about itself: the text of its config.json.</summary>
    public string Config => File.ReadAllText(_paths.Config);

    /// <summary>The file of the model as of the last checkpoint.</summary>
    public string ModelPath => _paths.Model;

    /// <summary>The trainer of its kind of model.</summary>
    public ITrainer Trainer { get; }

    /// <summary>What it was started with.</summary>
    public TrainingOptions Options { get; }

    /// <summary>The data as <see cref="Datasets.Load"/> is asked for it, or null when they came from elsewhere.</summary>
    public string? Data => _config.Origin("data")?.Spec;

    /// <summary>Whether a folder holds a run.</summary>
    public static bool Exists(string folder) => File.Exists(new RunPaths(folder).Config);

    /// <summary>Reads what a run folder says about itself.</summary>
    /// <exception cref="FileNotFoundException">the folder holds no run.</exception>
    /// <exception cref="InvalidDataException">its settings are damaged.</exception>
    public static RunFolder Open(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        RunPaths paths = new(folder);
        paths.Require();
        RunConfig config = RunConfig.Read(paths.Config);
        try
        {
            ITrainer trainer = Models.Named(config.Model);
            using JsonDocument options = JsonDocument.Parse(config.Options.ToJsonString());
            return new RunFolder(paths, config, trainer, RunConfig.ReadOptions(trainer.Defaults, options.RootElement));
        }
        catch (ArgumentException fault)
        {
            throw new InvalidDataException($"{paths.Config}: {Sentence.Of(fault)}", fault);
        }
    }

    /// <summary>The model as of the last checkpoint.</summary>
    /// <exception cref="FileNotFoundException">no epoch is complete yet.</exception>
    public TrainedModel LoadModel() =>
        File.Exists(_paths.Model)
            ? Trainer.Load(_paths.Model)
            : throw new FileNotFoundException(
                $"{Folder}: found no {Path.GetFileName(_paths.Model)}, expected one; no epoch of the run is complete yet."
            );

    /// <summary>The data that the run was started with, found again.</summary>
    /// <param name="dataDir">Where to look first, or null for where they were.</param>
    /// <exception cref="ArgumentException">the data did not come from <see cref="Datasets"/>.</exception>
    public DataSplits LoadData(string? dataDir = null) => Find(Origin("data"), dataDir);

    /// <summary>Goes on to the epochs asked for; the result has the same bits as an uninterrupted run.</summary>
    /// <param name="epochs">The epochs to reach, or those asked for before.</param>
    /// <param name="threads">Threads to compute with, or as many as before.</param>
    /// <param name="dataDir">Where to look for the data first, or null for where they were.</param>
    /// <param name="data">The rows; needed when they did not come from <see cref="Datasets"/>.</param>
    /// <param name="validation">The validation rows; needed when there were some that did not come from <see cref="Datasets"/>.</param>
    /// <param name="callbacks">The run's own callbacks of the caller's classes; those of <see cref="Callbacks"/> are made anew from its settings.</param>
    /// <param name="progress">Told of every step and every epoch, on the training thread.</param>
    /// <param name="cancellation">Stops between two steps; the checkpoint is written first.</param>
    /// <exception cref="ArgumentException">a callback is missing whose state the checkpoint holds.</exception>
    /// <exception cref="InvalidDataException">a file is damaged, or the rows are not those of the run.</exception>
    public TrainedModel Resume(
        int? epochs = null,
        int? threads = null,
        string? dataDir = null,
        DataRows? data = null,
        DataRows? validation = null,
        IReadOnlyList<Callback>? callbacks = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        DataRows rows = Same("data", data ?? Part("data", dataDir));
        DataRows? heldOut = _config.Has("validation") ? Same("validation", validation ?? Part("validation", dataDir)) : null;
        TrainingOptions options = Options with
        {
            Epochs = epochs ?? Options.Epochs,
            Threads = threads ?? Options.Threads,
            Validation = heldOut,
            Callbacks = [.. _config.Callbacks, .. callbacks ?? [], new CheckpointCallback(_paths, isResumed: true)],
        };
        return Trainer.Train(rows, options, progress, cancellation);
    }

    private DataRows Part(string part, string? dataDir)
    {
        DataOrigin origin = Origin(part);
        return Find(origin, dataDir)[origin.Split];
    }

    private static DataSplits Find(DataOrigin origin, string? dataDir) =>
        Datasets.Load(origin.Spec, dataDir ?? origin.DataDir, origin.Seed);

    private DataOrigin Origin(string part) =>
        _config.Origin(part)
        ?? Core.Errors.option<DataOrigin>(
            part,
            $"rows in {Folder} that came from a program",
            "rows of Datasets",
            "give the same rows again"
        );

    private DataRows Same(string part, DataRows rows)
    {
        if (rows.Sha256 != _config.Sha256(part))
            Core.Errors.data<Unit>(
                _paths.Config,
                part,
                $"rows with SHA-256 {_config.Sha256(part)}",
                $"those of {rows.Name}, {rows.Sha256}",
                ""
            );
        return rows;
    }
}
