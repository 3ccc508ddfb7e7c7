using Functional.Kernels.Simd;

namespace Functional.Kernels.Tile;

/// <summary>How the elements of a row become one.</summary>
public enum TileReduction
{
    Sum,
    Product,

    /// <summary>NaN if any element is NaN.</summary>
    Minimum,

    /// <summary>NaN if any element is NaN.</summary>
    Maximum,
}

/// <summary>Combines numbers into one, in an order that depends on how many they are and on nothing else.</summary>
internal abstract unsafe class TileFold
{
    /// <summary>Combines the elements of each row; there are at most a tile of them in all.</summary>
    public abstract void Fold(byte* results, byte* elements, int rowLength, int rows);

    /// <summary>Combines the results of folds by a tree, in their place; the result takes the place of the first.</summary>
    public abstract void Tree(byte* partials, int count);

    /// <summary>The fold of a reduction in a type.</summary>
    public static TileFold Of(TileReduction reduction, ElementType type) =>
        reduction switch
        {
            TileReduction.Sum => Of<Add>(type, 0),
            TileReduction.Product => Of<Multiply>(type, 1),
            TileReduction.Minimum => Of<Minimum>(type, double.PositiveInfinity),
            _ => Of<Maximum>(type, double.NegativeInfinity),
        };

    private static TileFold Of<F>(ElementType type, double identity)
        where F : struct, IBinary => VectorWidth.Choose<TileFold, FoldOf<F>>(type, new(identity));

    private readonly record struct FoldOf<F>(double Identity) : IForVector<TileFold>
        where F : struct, IBinary
    {
        public TileFold With<V>()
            where V : unmanaged, IVector<V> => new TileFold<F, V>(Identity);
    }
}

/// <summary>The fold of one operation in one type of vector.</summary>
internal sealed unsafe class TileFold<F, V>(double identity) : TileFold
    where F : struct, IBinary
    where V : unmanaged, IVector<V>
{
    public override void Fold(byte* results, byte* elements, int rowLength, int rows) =>
        Loops.FoldRows<F, V>(results, elements, V.Constant(identity), rowLength, rows);

    public override void Tree(byte* partials, int count)
    {
        while (count > 1)
        {
            int half = (count + 1) / 2;
            byte* upper = partials + half * (sizeof(V) / V.Lanes);
            Loops.Binary<F, V>(partials, partials, sizeof(V), upper, sizeof(V), count - half);
            count = half;
        }
    }
}
