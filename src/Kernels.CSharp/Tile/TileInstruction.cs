using Functional.Kernels.Draw;

namespace Functional.Kernels.Tile;

/// <summary>What an instruction of a tile program does.</summary>
public enum TileOpcode
{
    /// <summary>destination = input <see cref="TileInstruction.Port"/>.</summary>
    Load,

    /// <summary>destination = <see cref="TileInstruction.Immediate"/>.</summary>
    Constant,

    /// <summary>destination = the element index that the view of input <see cref="TileInstruction.Port"/> gives, without reading memory.</summary>
    Iota,

    /// <summary>destination = draw under the key in input <see cref="TileInstruction.Port"/>: element i of the iteration space is element i of the draw.</summary>
    Random,

    /// <summary>destination = function of registers A, B and C.</summary>
    Apply,

    /// <summary>destination = register A in another type; to int32 towards zero, saturated, NaN to 0.</summary>
    Cast,

    /// <summary>output <see cref="TileInstruction.Port"/> = register A.</summary>
    Store,
}

/// <summary>
/// One instruction of a tile program. Registers are numbered by the caller; each is written once, before it is read.
/// Constants and scalar inputs fill no memory, and work on them alone is done once for a task, not for each tile.
/// </summary>
public readonly record struct TileInstruction
{
    /// <summary>What the instruction does.</summary>
    public TileOpcode Opcode { get; private init; }

    /// <summary>The type of the destination (of the stored register, for <see cref="TileOpcode.Store"/>).</summary>
    public ElementType Type { get; private init; }

    /// <summary>The register that the instruction writes; −1 for <see cref="TileOpcode.Store"/>.</summary>
    public int Destination { get; private init; }

    /// <summary>The register of the first operand.</summary>
    public int A { get; private init; }

    /// <summary>The register of the second operand.</summary>
    public int B { get; private init; }

    /// <summary>The register of the third operand.</summary>
    public int C { get; private init; }

    /// <summary>What <see cref="TileOpcode.Apply"/> applies.</summary>
    public TileFunction Function { get; private init; }

    /// <summary>What <see cref="TileOpcode.Random"/> draws.</summary>
    public DrawKind Draw { get; private init; }

    /// <summary>Which input or output.</summary>
    public int Port { get; private init; }

    /// <summary>The value of <see cref="TileOpcode.Constant"/>.</summary>
    public double Immediate { get; private init; }

    private TileInstruction(TileOpcode opcode, ElementType type, int destination)
    {
        Opcode = opcode;
        Type = type;
        Destination = destination;
        A = B = C = Port = -1;
    }

    /// <summary>destination = input.</summary>
    public static TileInstruction Load(ElementType type, int destination, int input) =>
        new(TileOpcode.Load, type, destination) { Port = input };

    /// <summary>destination = value, rounded to the type.</summary>
    public static TileInstruction Constant(ElementType type, int destination, double value) =>
        new(TileOpcode.Constant, type, destination) { Immediate = value };

    /// <summary>destination = offset + Σ index·stride, by the shape and strides of the input's view; its buffer is not read.</summary>
    public static TileInstruction Iota(ElementType type, int destination, int input) =>
        new(TileOpcode.Iota, type, destination) { Port = input };

    /// <summary>destination = elements of a draw; the input is a view of the key's two int32 words.</summary>
    public static TileInstruction Random(DrawKind draw, ElementType type, int destination, int keyInput) =>
        new(TileOpcode.Random, type, destination) { Draw = draw, Port = keyInput };

    /// <summary>destination = function(a, b, c), with as many operands as the function takes.</summary>
    public static TileInstruction Apply(TileFunction function, ElementType type, int destination, int a, int b = -1, int c = -1) =>
        new(TileOpcode.Apply, type, destination)
        {
            Function = function,
            A = a,
            B = b,
            C = c,
        };

    /// <summary>destination = a in the given type.</summary>
    public static TileInstruction Cast(ElementType type, int destination, int a) => new(TileOpcode.Cast, type, destination) { A = a };

    /// <summary>output = a.</summary>
    public static TileInstruction Store(ElementType type, int output, int a) => new(TileOpcode.Store, type, -1) { A = a, Port = output };

    /// <summary>How many of A, B and C are registers that the instruction reads.</summary>
    internal int Operands =>
        Opcode switch
        {
            TileOpcode.Apply => Function.Arity(),
            TileOpcode.Cast or TileOpcode.Store => 1,
            _ => 0,
        };

    /// <summary>Operand 0, 1 or 2.</summary>
    internal int Operand(int index) =>
        index switch
        {
            0 => A,
            1 => B,
            _ => C,
        };
}
