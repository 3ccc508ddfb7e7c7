namespace Functional.Cli;

/// <summary>What RUN names: a run folder with its model and its data, or a model file alone.</summary>
internal sealed class ModelSource
{
    private readonly RunFolder? _run;

    private ModelSource(string path, RunFolder? run, TrainedModel model)
    {
        FullName = path;
        _run = run;
        Model = model;
    }

    public string FullName { get; }

    public TrainedModel Model { get; }

    public static ModelSource Open(string path)
    {
        if (File.Exists(path))
            return new ModelSource(path, null, Models.Load(path));
        RunFolder run = RunFolder.Open(path);
        return new ModelSource(path, run, run.LoadModel());
    }

    /// <summary>The data asked for, or else those of the run.</summary>
    public DataSplits Data(string? spec, string? dataDir) =>
        spec is not null ? Datasets.Load(spec, dataDir)
        : _run is not null ? _run.LoadData(dataDir)
        : throw new ArgumentException($"--data: found none, expected the data to use, because {FullName} is a model without a run.");

    /// <summary>The model as one that can do what a command needs.</summary>
    public TAble Able<TAble>(string what)
        where TAble : class =>
        Model as TAble ?? throw new ArgumentException($"{FullName}: found a model of kind {Model.Kind}, expected one that can {what}.");
}
