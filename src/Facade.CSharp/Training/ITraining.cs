namespace Functional;

/// <summary>A training that has not begun yet.</summary>
/// <typeparam name="TModel">What it ends in.</typeparam>
internal interface ITraining<out TModel>
    where TModel : TrainedModel
{
    /// <summary>Bytes that its steps take: see <see cref="ITrainer.PeakBytes"/>.</summary>
    long PeakBytes { get; }

    /// <summary>Trains to the last epoch.</summary>
    TModel Run(CancellationToken cancellation);
}
