namespace Functional;

/// <summary>What a safetensors file says about itself: a model, a checkpoint, or a file of another program.</summary>
public sealed class TensorFile
{
    private TensorFile(Core.SafetensorsFile file)
    {
        Metadata = file.Metadata.ToDictionary(entry => entry.Key, entry => entry.Value).AsReadOnly();
        Tensors = [.. file.Arrays.Select(array => new TensorEntry(array.Name, Core.DTypeModule.name(array.DType), array.Shape))];
    }

    /// <summary>Strings by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<TensorEntry> Tensors { get; }

    /// <summary>Numbers in all tensors.</summary>
    public long Count => Tensors.Sum(tensor => tensor.Count);

    /// <summary>Whether it holds a model, which <see cref="Models.Load"/> reads.</summary>
    public bool IsModel => Metadata.TryGetValue("format", out string? format) && format == ModelFile.Format;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">there is no such file.</exception>
    /// <exception cref="InvalidDataException">it is damaged, or of another format.</exception>
    public static TensorFile Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new TensorFile(Core.Safetensors.read(path));
    }
}

/// <summary>A tensor of a file.</summary>
/// <param name="Name">Its path in the tree of parameters.</param>
/// <param name="Type">float32, float64 or int32.</param>
/// <param name="Shape">Sizes along its axes; none for a scalar.</param>
public sealed record TensorEntry(string Name, string Type, IReadOnlyList<int> Shape)
{
    /// <summary>Its numbers.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);
}
