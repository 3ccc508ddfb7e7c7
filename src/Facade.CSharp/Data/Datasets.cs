using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>The sets that can be trained on, by name or from files.</summary>
public static class Datasets
{
    /// <summary>The seed of sets that are made from random numbers, unless another is given.</summary>
    public const long UsualSeed = 1;

    /// <summary>The capitals A to Z at 29x29 in four faces, with seeded noise; the last face is not in the training rows.</summary>
    public static ImageSet Letters(long seed = UsualSeed) => (ImageSet)Load("letters", seed: seed);

    /// <summary>Points near a bent plane in three dimensions: 100 rows to train on and 100 to test on.</summary>
    public static DataSplits Plane3D(long seed = UsualSeed) => Load("plane3d", seed: seed);

    /// <summary>Noisy ways round ellipses, 32 steps of 2 numbers: 2000 rows to train on and 500 to test on.</summary>
    public static DataSplits Sequences(long seed = UsualSeed) => Load("sequences", seed: seed);

    /// <summary>
    /// The set that <paramref name="spec"/> names: <c>letters</c>, <c>plane3d</c>, <c>sequences</c>, <c>mnist</c>, <c>fashion-mnist</c>,
    /// <c>gordon2002</c>, <c>idx:IMAGES[,LABELS]</c>, <c>csv:FILE</c> or <c>npz:FILE</c>. Sets of images are an <see cref="ImageSet"/>.
    /// </summary>
    /// <param name="spec">The name or the kind and the file.</param>
    /// <param name="dataDir">A folder to search first for named sets; then those of FUNCTIONAL_DATA, the user's and the system's.</param>
    /// <param name="seed">Where the noise of <c>letters</c> and the rows of <c>plane3d</c> and <c>sequences</c> come from.</param>
    /// <exception cref="ArgumentException">an unknown name, which is answered with the nearest.</exception>
    /// <exception cref="FileNotFoundException">a set or file that is not there; says where it looked.</exception>
    /// <exception cref="InvalidDataException">a damaged file; names the line and column or the byte.</exception>
    public static DataSplits Load(string spec, string? dataDir = null, long seed = UsualSeed)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Core.Splits splits = Core.Sources.resolve(Given(dataDir), seed, spec);
        return splits.Train.Shape.Length is 2 or 3
            ? new ImageSet(splits, spec, dataDir, seed)
            : new DataSplits(splits, spec, dataDir, seed);
    }

    /// <summary>The sets that have a name, and where each was found.</summary>
    public static IReadOnlyList<DatasetEntry> List(string? dataDir = null) =>
        [.. Core.Sources.list(Given(dataDir)).Select(entry => new DatasetEntry(entry.Name, entry.Description, entry.Place?.Value))];

    /// <summary>The folders that are searched for named sets, first to last.</summary>
    public static IReadOnlyList<string> Folders(string? dataDir = null) => [.. Core.Sources.folders(Given(dataDir))];

    private static FSharpOption<string>? Given(string? folder) => folder is null ? null : FSharpOption<string>.Some(folder);
}

/// <summary>A set that has a name.</summary>
/// <param name="Name">What <see cref="Datasets.Load"/> is asked for.</param>
/// <param name="Description">What it holds.</param>
/// <param name="Place">Where it was found, or null.</param>
public sealed record DatasetEntry(string Name, string Description, string? Place);
