namespace Functional.Tests;

/// <summary>Data and options so small that a training takes milliseconds.</summary>
internal static class Tiny
{
    public static readonly VaeOptions Options = new()
    {
        Hidden = [6],
        LatentSize = 2,
        Epochs = 3,
        BatchSize = 7,
        Threads = 2,
    };

    /// <summary>Rows of 12 numbers in 0 to 1, with some structure.</summary>
    public static float[,] Matrix(int rows = 40, int seed = 1)
    {
        Random random = new(seed);
        float[,] matrix = new float[rows, 12];
        for (int row = 0; row < rows; row++)
        {
            bool left = random.Next(2) == 0;
            for (int column = 0; column < 12; column++)
                matrix[row, column] = (column < 6 == left ? 0.8f : 0.1f) + 0.1f * random.NextSingle();
        }

        return matrix;
    }

    public static DataRows Images(int rows = 40, int seed = 1) => DataRows.Of(((DataRows)Matrix(rows, seed)).Values, 3, 4);

    /// <summary>The bytes of a model's file.</summary>
    public static byte[] Bytes(this TrainedModel model)
    {
        using TemporaryFolder folder = new();
        model.Save(folder["model.safetensors"]);
        return File.ReadAllBytes(folder["model.safetensors"]);
    }
}

/// <summary>A folder that goes away again.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("functional-").FullName;

    public string this[string name] => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}

/// <summary>Collects progress on the training's own thread.</summary>
internal sealed class Recorder(Action<TrainingProgress>? also = null) : IProgress<TrainingProgress>
{
    public List<TrainingProgress> Seen { get; } = [];

    public void Report(TrainingProgress value)
    {
        Seen.Add(value);
        also?.Invoke(value);
    }
}
