using Functional.Kernels.Draw;
using Functional.Kernels.Simd;

namespace Functional.Kernels.Tile;

/// <summary>Chooses the code of a step: for its function, its type and the widest vectors of this machine.</summary>
internal static class TileSteps
{
    /// <summary>A step that applies a function.</summary>
    public static TileStep Apply(TileFunction function, ElementType type, int to, TileValue a, TileValue b, TileValue c) =>
        function switch
        {
            TileFunction.Identity => Unary<Identity>(type, to, a),
            TileFunction.Negate => Unary<Negate>(type, to, a),
            TileFunction.Abs => Unary<Abs>(type, to, a),
            TileFunction.Sign => Unary<Sign>(type, to, a),
            TileFunction.Relu => Unary<Relu>(type, to, a),
            TileFunction.Square => Unary<Square>(type, to, a),
            TileFunction.Sqrt => Unary<Sqrt>(type, to, a),
            TileFunction.ReciprocalSqrt => Unary<ReciprocalSqrt>(type, to, a),
            TileFunction.Reciprocal => Unary<Reciprocal>(type, to, a),
            TileFunction.Floor => Unary<Floor>(type, to, a),
            TileFunction.Ceiling => Unary<Ceiling>(type, to, a),
            TileFunction.Round => Unary<Round>(type, to, a),
            TileFunction.Exp => Unary<Exp>(type, to, a),
            TileFunction.ExpM1 => Unary<ExpM1>(type, to, a),
            TileFunction.Log => Unary<Log>(type, to, a),
            TileFunction.Log1P => Unary<Log1P>(type, to, a),
            TileFunction.Sin => Unary<Sin>(type, to, a),
            TileFunction.Cos => Unary<Cos>(type, to, a),
            TileFunction.Tan => Unary<Tan>(type, to, a),
            TileFunction.Asin => Unary<Asin>(type, to, a),
            TileFunction.Acos => Unary<Acos>(type, to, a),
            TileFunction.Atan => Unary<Atan>(type, to, a),
            TileFunction.Sinh => Unary<Sinh>(type, to, a),
            TileFunction.Cosh => Unary<Cosh>(type, to, a),
            TileFunction.Tanh => Unary<Tanh>(type, to, a),
            TileFunction.Sigmoid => Unary<Sigmoid>(type, to, a),
            TileFunction.Softplus => Unary<Softplus>(type, to, a),
            TileFunction.Erf => Unary<Erf>(type, to, a),
            TileFunction.Elu => Unary<Elu>(type, to, a),
            TileFunction.Add => Binary<Add>(type, to, a, b),
            TileFunction.Subtract => Binary<Subtract>(type, to, a, b),
            TileFunction.Multiply => Binary<Multiply>(type, to, a, b),
            TileFunction.Divide => Binary<Divide>(type, to, a, b),
            TileFunction.Modulo => Binary<Modulo>(type, to, a, b),
            TileFunction.Power => Binary<Power>(type, to, a, b),
            TileFunction.Atan2 => Binary<Atan2>(type, to, a, b),
            TileFunction.Minimum => Binary<Minimum>(type, to, a, b),
            TileFunction.Maximum => Binary<Maximum>(type, to, a, b),
            TileFunction.Equal => Binary<Equal>(type, to, a, b),
            TileFunction.NotEqual => Binary<NotEqual>(type, to, a, b),
            TileFunction.Less => Binary<Less>(type, to, a, b),
            TileFunction.LessOrEqual => Binary<LessOrEqual>(type, to, a, b),
            TileFunction.Greater => Binary<Greater>(type, to, a, b),
            TileFunction.GreaterOrEqual => Binary<GreaterOrEqual>(type, to, a, b),
            TileFunction.Select => Ternary<Select>(type, to, a, b, c),
            TileFunction.MultiplyAdd => Ternary<MultiplyAdd>(type, to, a, b, c),
            _ => throw new ArgumentOutOfRangeException(nameof(function)),
        };

    /// <summary>A step that changes the type.</summary>
    public static TileStep Cast(ElementType source, ElementType type, int to, TileValue a) =>
        (source, type) switch
        {
            (ElementType.Float32, ElementType.Float64) => new CastStep<float, double>(to, a),
            (ElementType.Float32, ElementType.Int32) => Unary<Truncate>(ElementType.Float32, to, a),
            (ElementType.Float64, ElementType.Float32) => new CastStep<double, float>(to, a),
            (ElementType.Float64, ElementType.Int32) => new CastStep<double, int>(to, a),
            (ElementType.Int32, ElementType.Float32) => Unary<FromInteger>(ElementType.Float32, to, a),
            (ElementType.Int32, ElementType.Float64) => new CastStep<int, double>(to, a),
            _ => Unary<Identity>(type, to, a),
        };

    /// <summary>A step that reads a strided view.</summary>
    public static TileStep Strided(TileView view, int to, int from) =>
        view.Type == ElementType.Float64
            ? new StridedStep<ElementRun<double>, double>(to, from, view)
            : new StridedStep<ElementRun<int>, int>(to, from, view);

    /// <summary>A step that numbers the elements of a view.</summary>
    public static TileStep Iota(ElementType type, TileView view, int to) =>
        type switch
        {
            ElementType.Float32 => new StridedStep<IndexRun<float>, float>(to, -1, view),
            ElementType.Float64 => new StridedStep<IndexRun<double>, double>(to, -1, view),
            _ => new StridedStep<IndexRun<int>, int>(to, -1, view),
        };

    /// <summary>A step that draws.</summary>
    public static TileStep Draw(DrawKind kind, ElementType type, int to, int key) =>
        (kind, type) switch
        {
            (DrawKind.Bits32, ElementType.Int32) => Draw<Draw32<RawWords>>(to, key),
            (DrawKind.Uniform, ElementType.Float32) => Draw<Draw32<UniformWords>>(to, key),
            (DrawKind.Uniform, ElementType.Float64) => Draw<Draw64<UniformWide>>(to, key),
            (DrawKind.Normal, ElementType.Float32) => Draw<Draw32<NormalWords>>(to, key),
            (DrawKind.Normal, ElementType.Float64) => Draw<Draw64<NormalWide>>(to, key),
            _ => throw new ArgumentException($"tile program: no {kind} draw of {type}"),
        };

    private static TileStep Unary<F>(ElementType type, int to, TileValue a)
        where F : struct, IUnary => VectorWidth.Choose<TileStep, UnaryOf<F>>(type, new(to, a));

    private static TileStep Binary<F>(ElementType type, int to, TileValue a, TileValue b)
        where F : struct, IBinary => VectorWidth.Choose<TileStep, BinaryOf<F>>(type, new(to, a, b));

    private static TileStep Ternary<F>(ElementType type, int to, TileValue a, TileValue b, TileValue c)
        where F : struct, ITernary => VectorWidth.Choose<TileStep, TernaryOf<F>>(type, new(to, a, b, c));

    // Random words are made in 32-bit lanes, whatever they become.
    private static TileStep Draw<D>(int to, int key)
        where D : struct, IDraw => VectorWidth.Choose<TileStep, DrawOf<D>>(ElementType.Float32, new(to, key));

    private readonly record struct UnaryOf<F>(int To, TileValue A) : IForVector<TileStep>
        where F : struct, IUnary
    {
        public TileStep With<V>()
            where V : unmanaged, IVector<V> => new UnaryStep<F, V>(To, A);
    }

    private readonly record struct BinaryOf<F>(int To, TileValue A, TileValue B) : IForVector<TileStep>
        where F : struct, IBinary
    {
        public TileStep With<V>()
            where V : unmanaged, IVector<V> => new BinaryStep<F, V>(To, A, B);
    }

    private readonly record struct TernaryOf<F>(int To, TileValue A, TileValue B, TileValue C) : IForVector<TileStep>
        where F : struct, ITernary
    {
        public TileStep With<V>()
            where V : unmanaged, IVector<V> => new TernaryStep<F, V>(To, A, B, C);
    }

    private readonly record struct DrawOf<D>(int To, int Key) : IForVector<TileStep>
        where D : struct, IDraw
    {
        public TileStep With<V>()
            where V : unmanaged, IVector<V> => new DrawStep<D, V>(To, Key);
    }
}
