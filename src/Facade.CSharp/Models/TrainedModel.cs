using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>A model after training: immutable, and safe to use from many threads.</summary>
public abstract class TrainedModel
{
    private protected TrainedModel(string kind, TrainingOptions options, IReadOnlyList<int> rowShape, History history)
    {
        Kind = kind;
        // Rows and callbacks belong to the training.
        Options = options with
        {
            Validation = null,
            Callbacks = [],
        };
        RowShape = rowShape;
        RowSize = Functional.RowShape.Size(rowShape);
        History = history;
    }

    /// <summary>The kind of model, as on the command line: vae.</summary>
    public string Kind { get; }

    /// <summary>What it was trained with.</summary>
    public TrainingOptions Options { get; }

    /// <summary>The shape of a row of its data.</summary>
    public IReadOnlyList<int> RowShape { get; }

    /// <summary>Numbers in a row of its data.</summary>
    public int RowSize { get; }

    /// <summary>What the epochs of its training came to.</summary>
    public History History { get; }

    /// <summary>Means over the rows of a set of what the training reports.</summary>
    /// <exception cref="ArgumentException">there are no rows, or they have another size than the model's.</exception>
    public abstract IReadOnlyDictionary<string, double> Evaluate(DataRows rows);

    /// <summary>Writes the model as a safetensors file, whole or not at all.</summary>
    public abstract void Save(string path);

    private protected void CheckRows(string operation, int count, int rowSize)
    {
        if (count == 0)
            Core.Errors.option<Unit>(operation, "no rows", "one or more", "");
        if (rowSize != RowSize)
            Core.Errors.option<Unit>(
                operation,
                $"rows of {rowSize} numbers",
                $"{RowSize} ([{string.Join("; ", RowShape)}]), as the model has",
                ""
            );
    }
}

/// <summary>A model that draws new rows.</summary>
public interface ISampler
{
    /// <summary>New rows; the same seed gives the same ones.</summary>
    DataRows Sample(int count, long seed = 0);
}

/// <summary>A model that draws new rows of one class.</summary>
public interface IClassSampler
{
    /// <summary>New rows of a class; the same seed gives the same ones.</summary>
    /// <exception cref="ArgumentException">there is no such class, or the count is below 1.</exception>
    DataRows SampleOf(int label, int count, long seed = 0);
}

/// <summary>A model that gives rows back as it understands them.</summary>
public interface IReconstructor
{
    /// <summary>The rows after the way through the model.</summary>
    DataRows Reconstruct(DataRows rows);
}

/// <summary>A model that gives clean rows back for noisy ones.</summary>
public interface IDenoiser : IReconstructor
{
    /// <summary>Rows with the noise that the model was trained on; the same seed gives the same noise.</summary>
    DataRows Corrupt(DataRows rows, long seed = 0);
}

/// <summary>A model that turns rows into codes.</summary>
public interface IEncoder
{
    /// <summary>The code of each row: [rows, numbers in a code].</summary>
    float[,] Encode(DataRows rows);
}

/// <summary>A model whose codes can be walked through and seen as rows.</summary>
public interface ICodeSpace
{
    /// <summary>The rows of a square of codes of two numbers, line by line.</summary>
    DataRows Manifold(int side = 15);

    /// <summary>The rows on the way from one row to another.</summary>
    DataRows Interpolate(ReadOnlySpan<float> from, ReadOnlySpan<float> to, int steps = 10, Interpolation way = Interpolation.Linear);
}

/// <summary>A model that can tell how likely rows are.</summary>
public interface IDensity
{
    /// <summary>The mean over rows of an estimate of log p(x), in nats, from so many samples a row.</summary>
    double LogLikelihood(DataRows rows, int samples = 100, long seed = 0);

    /// <summary>What there is to say of the likelihood, by name: <c>log_likelihood</c>, and numbers that tell how far it can be trusted.</summary>
    IReadOnlyDictionary<string, double> Likelihoods(DataRows rows, int samples = 100, long seed = 0) =>
        new Dictionary<string, double> { ["log_likelihood"] = LogLikelihood(rows, samples, seed) };
}

/// <summary>A model whose energy is low where rows are likely.</summary>
public interface IEnergy
{
    /// <summary>The energy of each row.</summary>
    /// <exception cref="ArgumentException">there are no rows, or they have another size than the model's.</exception>
    float[] Energy(DataRows rows);

    /// <summary>
    /// The probability that one of the others has a higher energy than one of the rows, where equal energies count half: the area under the
    /// curve of true over false positives. 1: the others lie apart from the rows; 0.5: the energy knows no difference.
    /// </summary>
    /// <exception cref="ArgumentException">there are no rows or no others, or they have another size than the model's.</exception>
    double Auroc(DataRows rows, DataRows others);

    /// <summary>Rows of uniform noise in 0 to 1, of the shape of the model's; the same seed gives the same ones.</summary>
    DataRows Noise(int count, long seed = 0);
}

/// <summary>A model that draws by chains of many steps.</summary>
public interface IChains
{
    /// <summary>What chains look like on their way from noise to a sample, one chain after the other.</summary>
    /// <param name="count">Chains, 1 or more.</param>
    /// <param name="pictures">Places on each way, the first and the last one included; 2 or more.</param>
    /// <param name="seed">The same seed gives the same ways; their ends are the samples of that seed.</param>
    /// <exception cref="ArgumentException">a number is out of range.</exception>
    DataRows Trajectory(int count, int pictures = 12, long seed = 0);
}
