namespace Functional.Kernels.Tile;

/// <summary>The elementwise functions of tile programs. Operands and result have one type; comparisons give 1 or 0 in it.</summary>
public enum TileFunction
{
    /// <summary>A copy.</summary>
    Identity,
    Negate,
    Abs,

    /// <summary>1, 0 or −1; NaN of NaN.</summary>
    Sign,

    /// <summary>x above 0, else 0; NaN of NaN.</summary>
    Relu,
    Square,
    Sqrt,

    /// <summary>1 / √x.</summary>
    ReciprocalSqrt,
    Reciprocal,
    Floor,
    Ceiling,

    /// <summary>To the nearest integer, halves to the even one.</summary>
    Round,
    Exp,
    ExpM1,
    Log,
    Log1P,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>ln(1 + eˣ).</summary>
    Softplus,
    Erf,

    /// <summary>x above 0, else eˣ − 1.</summary>
    Elu,

    Add,
    Subtract,
    Multiply,

    /// <summary>a / b; in integers ⌊a / b⌋ saturated, and 0 for 0 / 0.</summary>
    Divide,

    /// <summary>a − b⌊a / b⌋, with the sign of b.</summary>
    Modulo,
    Power,
    Atan2,

    /// <summary>NaN if either is NaN.</summary>
    Minimum,

    /// <summary>NaN if either is NaN.</summary>
    Maximum,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,

    /// <summary>b where a ≠ 0, else c.</summary>
    Select,

    /// <summary>a·b + c, rounded once where the machine can.</summary>
    MultiplyAdd,
}

/// <summary>What is true of a function by its kind.</summary>
public static class TileFunctions
{
    /// <summary>How many operands the function takes: 1, 2 or 3.</summary>
    public static int Arity(this TileFunction function) =>
        function < TileFunction.Add ? 1
        : function < TileFunction.Select ? 2
        : 3;

    /// <summary>Whether the function takes and gives int32 as well as the two float types.</summary>
    public static bool IsDefinedOnIntegers(this TileFunction function) =>
        function is <= TileFunction.Square or >= TileFunction.Add and not TileFunction.Atan2;

    /// <summary>Rough time for an element, in tenths of a nanosecond: what decides how many elements are worth a task.</summary>
    internal static int Cost(this TileFunction function, ElementType type) =>
        function switch
        {
            TileFunction.Modulo or TileFunction.Power or TileFunction.Atan2 => 100,
            >= TileFunction.Asin and <= TileFunction.Cosh => 100,
            >= TileFunction.Exp and <= TileFunction.Elu => type == ElementType.Float32 ? 4 : 100,
            TileFunction.Divide when type == ElementType.Int32 => 50,
            _ => 1,
        };
}
