namespace Functional;

/// <summary>Trains and loads one kind of model.</summary>
/// <typeparam name="TOptions">Its options.</typeparam>
/// <typeparam name="TModel">What it trains.</typeparam>
public abstract class Trainer<TOptions, TModel> : ITrainer
    where TOptions : TrainingOptions, new()
    where TModel : TrainedModel
{
    private protected Trainer() { }

    /// <inheritdoc/>
    public abstract string Name { get; }

    TrainingOptions ITrainer.Defaults => new TOptions();

    /// <summary>Trains a model on rows. Matrices and tensors become rows by themselves.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="options">How to train; the defaults when null.</param>
    /// <param name="progress">Told of every step and every epoch, on the training thread.</param>
    /// <param name="cancellation">Stops between two steps; callbacks write their checkpoint first.</param>
    /// <exception cref="ArgumentException">an option is out of range, or the rows do not fit the model.</exception>
    /// <exception cref="TrainingDivergedException">a number was no longer finite.</exception>
    /// <exception cref="OperationCanceledException">it was cancelled.</exception>
    public TModel Train(
        DataRows data,
        TOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(data);
        return Begin(data, options ?? new TOptions(), progress).Run(cancellation);
    }

    /// <summary>Trains a model on rows of <paramref name="width"/> numbers that lie one after the other.</summary>
    /// <inheritdoc cref="Train(DataRows, TOptions, IProgress{TrainingProgress}, CancellationToken)"/>
    public TModel Train(ReadOnlySpan<float> data, int width, TOptions? options = null) => Train(DataRows.Of(data, width), options);

    /// <summary>As <see cref="Train(DataRows, TOptions, IProgress{TrainingProgress}, CancellationToken)"/>, on a thread of its own.</summary>
    public Task<TModel> TrainAsync(
        DataRows data,
        TOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default
    ) =>
        Task.Factory.StartNew(
            () => Train(data, options, progress, cancellation),
            cancellation,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    /// <summary>Goes on with a run that <see cref="Callbacks.Checkpoint"/> kept; the result has the same bits as an uninterrupted run.</summary>
    /// <param name="folder">The run folder.</param>
    /// <param name="epochs">The epochs to reach, or those asked for before.</param>
    /// <param name="data">The rows; needed when they did not come from <see cref="Datasets"/>.</param>
    /// <param name="validation">The validation rows; needed when there were some that did not come from <see cref="Datasets"/>.</param>
    /// <param name="callbacks">The run's callbacks of the caller's classes; those of <see cref="Callbacks"/> are made anew.</param>
    /// <param name="progress">Told of every step and every epoch, on the training thread.</param>
    /// <param name="cancellation">Stops between two steps; the checkpoint is written first.</param>
    /// <exception cref="ArgumentException">a callback is missing whose state the checkpoint holds.</exception>
    /// <exception cref="InvalidDataException">the folder or a file in it is damaged, or the rows are not those of the run.</exception>
    public TModel Resume(
        string folder,
        int? epochs = null,
        DataRows? data = null,
        DataRows? validation = null,
        IReadOnlyList<Callback>? callbacks = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default
    ) => (TModel)RunFolder.Open(folder).Resume(epochs, null, null, data, validation, callbacks, progress, cancellation);

    /// <summary>Reads a model that <see cref="TrainedModel.Save"/> wrote.</summary>
    /// <exception cref="FileNotFoundException">there is no such file.</exception>
    /// <exception cref="InvalidDataException">the file is damaged, or holds another kind of model.</exception>
    public abstract TModel Load(string path);

    /// <summary>A training that has not begun yet.</summary>
    private protected abstract ITraining<TModel> Begin(DataRows data, TOptions options, IProgress<TrainingProgress>? progress);

    TrainedModel ITrainer.Train(
        DataRows data,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellation
    ) => Train(data, (TOptions)options, progress, cancellation);

    TrainedModel ITrainer.Load(string path) => Load(path);

    long ITrainer.PeakBytes(TrainingOptions options, IReadOnlyList<int> rowShape)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rowShape);
        return Begin(Specimen.Rows(options, rowShape), (TOptions)options, null).PeakBytes;
    }
}

/// <summary>A trainer whose kind is known when the program runs.</summary>
public interface ITrainer
{
    /// <summary>The name on the command line: vae.</summary>
    string Name { get; }

    /// <summary>The options when nothing else is said.</summary>
    TrainingOptions Defaults { get; }

    /// <summary>Trains a model; the options are of the kind of <see cref="Defaults"/>.</summary>
    TrainedModel Train(
        DataRows data,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default
    );

    /// <summary>Reads a model.</summary>
    TrainedModel Load(string path);

    /// <summary>
    /// Bytes of memory that the steps of a training take, known before the first: parameters and all else that a step changes, a full batch,
    /// and what is computed on the way. The rows themselves and the runtime come on top.
    /// </summary>
    /// <param name="options">Of the kind of <see cref="Defaults"/>.</param>
    /// <param name="rowShape">The shape of one row.</param>
    /// <exception cref="ArgumentException">an option is out of range, or the model takes no rows of that shape.</exception>
    long PeakBytes(TrainingOptions options, IReadOnlyList<int> rowShape);
}
