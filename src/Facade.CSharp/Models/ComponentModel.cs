using System.Numerics.Tensors;

namespace Functional;

/// <summary>A trained model of rows as sums of components: immutable, and safe to use from many threads.</summary>
public abstract class ComponentModel : LatentModel
{
    private readonly Core.Tensor _components;
    private readonly Core.Tensor _mean;

    private protected ComponentModel(
        string kind,
        LatentFunctions functions,
        Core.Tensor components,
        Core.Tensor mean,
        TrainingOptions options,
        IReadOnlyList<int> rowShape,
        History history
    )
        : base(kind, functions, components.Shape[0], options, rowShape, history)
    {
        _components = components;
        _mean = mean;
    }

    /// <summary>The name of the largest angle among the numbers of training.</summary>
    internal const string AngleName = "subspace_angle";

    /// <summary>
    /// The largest angle, in degrees, between the space of the components and that of as many exact principal components of the rows that
    /// it was trained on: 0 to 90, or NaN where none could be computed.
    /// </summary>
    public abstract double SubspaceAngle { get; }

    /// <summary>The components, one a row: [components, numbers in a row of data].</summary>
    public float[,] Components() => Matrix.Of(_components.ToFloat32s(), RowSize);

    /// <summary>
    /// The components as rows of data in 0 to 1: 0 is in the middle, at ½, and the number farthest from it at 1, for which a component is
    /// turned round where need be.
    /// </summary>
    public DataRows ComponentImages()
    {
        float[] values = _components.ToFloat32s();
        for (int start = 0; start < values.Length; start += RowSize)
        {
            Span<float> component = values.AsSpan(start, RowSize);
            float farthest = TensorPrimitives.MaxMagnitude<float>(component);
            TensorPrimitives.Divide(component, farthest == 0 ? 1 : 2 * farthest, component);
            TensorPrimitives.Add(component, 0.5f, component);
        }

        return Rows("components", values);
    }

    /// <summary>The mean of the rows that it was trained on.</summary>
    public float[] Mean() => _mean.ToFloat32s();

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Evaluate(DataRows rows) =>
        new Dictionary<string, double>(base.Evaluate(rows)) { [AngleName] = SubspaceAngle }.AsReadOnly();
}
