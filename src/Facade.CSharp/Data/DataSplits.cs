namespace Functional;

/// <summary>What to train on, to choose options with, and to test on. A part that does not exist has no rows.</summary>
public class DataSplits
{
    internal DataSplits(Core.Splits splits, string spec, string? dataDir, long seed)
    {
        DataRows Part(Core.Dataset set, string name) => new(set, new DataOrigin(spec, dataDir, seed, name));
        Core.Dataset none = Core.DatasetModule.take(0, splits.Train);
        Train = Part(splits.Train, "train");
        Validation = Part(splits.Validation?.Value ?? none, "validation");
        Test = Part(splits.Test?.Value ?? none, "test");
    }

    /// <summary>What the set is called.</summary>
    public string Name => Train.Name;

    /// <summary>The rows to train on.</summary>
    public DataRows Train { get; }

    /// <summary>The rows to choose options with.</summary>
    public DataRows Validation { get; }

    /// <summary>The rows to test on.</summary>
    public DataRows Test { get; }

    /// <summary>The rows to report on while training: those for validation, or else for testing, or else none.</summary>
    public DataRows? HeldOut =>
        Validation.Count > 0 ? Validation
        : Test.Count > 0 ? Test
        : null;

    /// <summary>The part called <paramref name="name"/>: train, validation or test.</summary>
    /// <exception cref="ArgumentException">there is no such part, or it has no rows.</exception>
    public DataRows this[string name]
    {
        get
        {
            (string Name, DataRows Rows)[] parts = [("train", Train), ("validation", Validation), ("test", Test)];
            string[] filled = [.. from part in parts where part.Rows.Count > 0 select part.Name];
            return parts.FirstOrDefault(part => part.Name == name && part.Rows.Count > 0).Rows
                ?? Core.Errors.option<DataRows>(
                    "split",
                    $"'{name}'",
                    $"{string.Join(" or ", filled)}, the parts of {Name}",
                    Core.Suggest.fix(filled, name)
                );
        }
    }
}

/// <summary>Images in parts.</summary>
public sealed class ImageSet : DataSplits
{
    internal ImageSet(Core.Splits splits, string spec, string? dataDir, long seed)
        : base(splits, spec, dataDir, seed) { }

    /// <summary>Pixels from top to bottom.</summary>
    public int Height => Train.RowShape[^2];

    /// <summary>Pixels from left to right.</summary>
    public int Width => Train.RowShape[^1];
}
