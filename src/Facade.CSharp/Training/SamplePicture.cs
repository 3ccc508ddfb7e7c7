namespace Functional;

/// <summary>What a generative model draws, as one picture.</summary>
internal static class SamplePicture
{
    private const int Count = 64;
    private const int Columns = 8;

    /// <summary>Samples of the model as it is now, from the same draws each time; null when it draws no images.</summary>
    public static Core.Picture? Of(TrainingRun run) =>
        run.Data.AreImages && run.Model is ISampler sampler ? sampler.Sample(Count, run.Options.Seed).Grid(Columns) : null;
}
