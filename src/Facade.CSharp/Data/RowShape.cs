namespace Functional;

/// <summary>The shape of a row of data.</summary>
internal static class RowShape
{
    /// <summary>Numbers in a row.</summary>
    /// <exception cref="OverflowException">there are more than an array can hold.</exception>
    public static int Size(IReadOnlyList<int> shape) => shape.Aggregate(1, (product, size) => checked(product * size));
}
