namespace Functional;

/// <summary>The callbacks there are. Options are checked when training begins.</summary>
public static class Callbacks
{
    /// <summary>Every callback that text can name, with its options.</summary>
    public static IReadOnlyList<CallbackDescription> All { get; } =
    [.. CallbackForm.All.Select(callback => new CallbackDescription(callback.Key, OptionProperty.List(callback)))];

    /// <summary>
    /// Keeps a run folder: the options, the numbers of each epoch, pictures, the model, and a checkpoint at every epoch's end, from which
    /// training goes on after any interruption with the same bits.
    /// </summary>
    /// <param name="folder">A folder that holds no run yet; it is made when missing.</param>
    public static Callback Checkpoint(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return new CheckpointCallback(new RunPaths(folder), isResumed: false);
    }

    /// <summary>Ends a training whose watched number no longer gets better, as Keras' callback of this name.</summary>
    /// <param name="monitor">The number to watch.</param>
    /// <param name="patience">Epochs in a row without anything better after which training ends; 0 or more.</param>
    /// <param name="minDelta">By more than this a number must be better to count as better; 0 or more.</param>
    /// <param name="mode">Whether less or more is better.</param>
    /// <param name="baseline">What the number must be better than for patience to begin anew.</param>
    /// <param name="restoreBest">Whether the model that training ends with is that of the best epoch rather than of the last one.</param>
    /// <param name="startFromEpoch">Epochs at the beginning that are not looked at; 0 or more.</param>
    public static Callback EarlyStopping(
        string monitor = "val_loss",
        int patience = 0,
        double minDelta = 0,
        MonitorMode mode = MonitorMode.Auto,
        double? baseline = null,
        bool restoreBest = false,
        int startFromEpoch = 0
    ) =>
        new EarlyStoppingCallback
        {
            Monitor = monitor,
            Patience = patience,
            MinDelta = minDelta,
            Mode = mode,
            Baseline = baseline,
            RestoreBest = restoreBest,
            StartFromEpoch = startFromEpoch,
        };

    /// <summary>
    /// Multiplies the learning rate when the watched number no longer gets better, as Keras' callback of this name. The optimizer's schedule
    /// goes on beside it.
    /// </summary>
    /// <param name="monitor">The number to watch.</param>
    /// <param name="factor">What the rate is multiplied by; more than 0 and less than 1.</param>
    /// <param name="patience">Epochs in a row without anything better after which the rate is lowered; 0 or more.</param>
    /// <param name="mode">Whether less or more is better.</param>
    /// <param name="minDelta">By more than this a number must be better to count as better; 0 or more.</param>
    /// <param name="cooldown">Epochs after a lowering that do not count; 0 or more.</param>
    /// <param name="minRate">The rate does not fall below this; 0 or more.</param>
    public static Callback ReduceLROnPlateau(
        string monitor = "val_loss",
        double factor = 0.1,
        int patience = 10,
        MonitorMode mode = MonitorMode.Auto,
        double minDelta = 1e-4,
        int cooldown = 0,
        double minRate = 0
    ) =>
        new ReduceLROnPlateauCallback
        {
            Monitor = monitor,
            Factor = factor,
            Patience = patience,
            Mode = mode,
            MinDelta = minDelta,
            Cooldown = cooldown,
            MinRate = minRate,
        };

    /// <summary>Saves the model after each epoch, or after every so many batches.</summary>
    /// <param name="path">
    /// The file, with places for numbers: <c>models/{epoch:02d}-{val_loss:.2f}.safetensors</c>. The numbers are <c>epoch</c>, <c>step</c> and
    /// those that epochs report; between epochs <c>epoch</c>, <c>step</c>, <c>batch</c> and <c>loss</c>.
    /// </param>
    /// <param name="monitor">The number that says which model is the best.</param>
    /// <param name="bestOnly">Whether only models better than all before are saved.</param>
    /// <param name="weightsOnly">Whether only the parameters are saved, without what <c>Load</c> needs to make a model of them.</param>
    /// <param name="everyBatches">Batches between two files, or 0 for one after each epoch.</param>
    /// <param name="mode">Whether less or more is better.</param>
    public static Callback ModelCheckpoint(
        string path,
        string monitor = "val_loss",
        bool bestOnly = false,
        bool weightsOnly = false,
        int everyBatches = 0,
        MonitorMode mode = MonitorMode.Auto
    ) =>
        new ModelCheckpointCallback
        {
            Path = path,
            Monitor = monitor,
            BestOnly = bestOnly,
            WeightsOnly = weightsOnly,
            EveryBatches = everyBatches,
            Mode = mode,
        };

    /// <summary>Writes the numbers of each epoch, and the rate, as a line of a CSV file.</summary>
    /// <param name="path">The file; written anew, or cut to the checkpoint when a run is resumed.</param>
    public static Callback CsvLog(string path) => new CsvLogCallback { Path = path };

    /// <summary>Writes event files that TensorBoard shows: the numbers of each epoch and the rate over the optimizer's steps.</summary>
    /// <param name="folder">Where to; made when missing, and cut to the checkpoint when a run is resumed.</param>
    /// <param name="histograms">Whether to add the distribution of each parameter.</param>
    /// <param name="images">Whether to add samples of a model that draws images.</param>
    public static Callback TensorBoard(string folder, bool histograms = false, bool images = true) =>
        new TensorBoardCallback
        {
            Folder = folder,
            Histograms = histograms,
            Images = images,
        };

    /// <summary>Calls a function after each epoch.</summary>
    public static Callback OnEpoch(Action<TrainingRun, EpochMetrics> onEpoch)
    {
        ArgumentNullException.ThrowIfNull(onEpoch);
        return new ActionCallback(onEpoch);
    }

    /// <summary>Reads a callback from NAME[,KEY=VALUE]..., such as <c>early-stopping,monitor=val_loss,patience=5</c>.</summary>
    /// <exception cref="ArgumentException">an unknown name or key, which is answered with the nearest, or a value out of range.</exception>
    public static Callback Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return CallbackForm.Parse(text);
    }
}

/// <summary>A callback that text can name.</summary>
/// <param name="Name">Its name: early-stopping.</param>
/// <param name="Options">Its options with their usual values.</param>
public sealed record CallbackDescription(string Name, IReadOnlyList<OptionValue> Options);
