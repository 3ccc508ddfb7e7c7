namespace Functional;

/// <summary>A running training as callbacks see it, whatever the model.</summary>
internal interface ITrainingSession
{
    /// <summary>The kind of model: vae.</summary>
    string Kind { get; }

    TrainingOptions Options { get; }

    /// <summary>The rows trained on.</summary>
    DataRows Data { get; }

    /// <summary>Epochs completed.</summary>
    int Epoch { get; }

    /// <summary>The model as it is now; valid until the next step.</summary>
    TrainedModel Model { get; }

    /// <summary>Writes everything that training continues from.</summary>
    void SaveState(string path);

    /// <summary>Continues from a file that <see cref="SaveState"/> wrote.</summary>
    void RestoreState(string path);

    /// <summary>What the epochs before came to.</summary>
    void RestoreHistory(IEnumerable<EpochMetrics> epochs);
}
