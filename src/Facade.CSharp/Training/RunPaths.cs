using System.Globalization;

namespace Functional;

/// <summary>Where things lie in a run folder.</summary>
internal sealed class RunPaths(string folder)
{
    public string Folder { get; } = folder;

    public string Config => Path.Combine(Folder, "config.json");

    public string Metrics => Path.Combine(Folder, "metrics.jsonl");

    public string Model => Path.Combine(Folder, "model.safetensors");

    public string Last => Path.Combine(Folder, "checkpoints", "last.safetensors");

    public string Best => Path.Combine(Folder, "checkpoints", "best.safetensors");

    public string Sample(int epoch) => Path.Combine(Folder, "samples", $"epoch-{epoch:0000}.png");

    public string Report => Path.Combine(Folder, "report.html");

    /// <summary>The pictures of the epochs, in order.</summary>
    public IReadOnlyList<(int Epoch, string Path)> Samples
    {
        get
        {
            string folder = Path.Combine(Folder, "samples");
            return !Directory.Exists(folder)
                ? []
                :
                [
                    .. from path in Directory.EnumerateFiles(folder, "epoch-*.png")
                    let number = Path.GetFileNameWithoutExtension(path)["epoch-".Length..]
                    where int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                    orderby int.Parse(number, CultureInfo.InvariantCulture)
                    select (int.Parse(number, CultureInfo.InvariantCulture), path),
                ];
        }
    }

    /// <summary>Refuses a folder without a run.</summary>
    public void Require()
    {
        if (!File.Exists(Config))
            throw new FileNotFoundException($"{Folder}: found no {Path.GetFileName(Config)}, expected the folder of a run.", Config);
    }

    /// <summary>Makes the folder, and refuses one that holds a run.</summary>
    public void Claim()
    {
        string[] held = [Config, Metrics, Model, Last];
        if (held.FirstOrDefault(File.Exists) is { } file)
            Core.Errors.option<string>(
                "folder",
                $"a run in {Folder} ({Path.GetFileName(file)})",
                "a folder without one",
                "go on with it by resuming, or choose another folder"
            );
        try
        {
            Directory.CreateDirectory(Folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{Folder}: found a folder that can not be made ({fault.Message.TrimEnd('.')}).", fault);
        }
    }

    /// <summary>Removes files that a killed process did not finish.</summary>
    public void RemoveUnfinished()
    {
        foreach (string file in Directory.EnumerateFiles(Folder, ".*.tmp", SearchOption.AllDirectories))
            File.Delete(file);
    }
}
