using Functional.Kernels;
using Functional.Kernels.Tile;

namespace Functional.Tests.Tile;

/// <summary>Tile programs of one function, and what tests share about element types.</summary>
internal static class Elementwise
{
    public static ElementType TypeOf<T>() =>
        typeof(T) == typeof(float) ? ElementType.Float32
        : typeof(T) == typeof(double) ? ElementType.Float64
        : ElementType.Int32;

    /// <summary>function(operands) element by element.</summary>
    public static T[] Apply<T>(TileFunction function, params T[][] operands)
        where T : unmanaged
    {
        var result = new T[operands[0].Length];
        TileProgram program = Program<T>(function, result.Length);
        KernelHarness.Run(new TileKernel(program), 1, [.. Padded(operands), result]);
        return result;
    }

    /// <summary>Inputs in slots 0, 1, 2, the result in slot 3.</summary>
    public static TileProgram Program<T>(TileFunction function, int count)
    {
        ElementType type = TypeOf<T>();
        TileView[] inputs = [.. Enumerable.Range(0, 3).Select(slot => TileView.Contiguous(type, new(slot), count))];
        List<TileInstruction> instructions = [.. Enumerable.Range(0, function.Arity()).Select(i => TileInstruction.Load(type, i, i))];
        instructions.Add(TileInstruction.Apply(function, type, 3, 0, 1, 2));
        instructions.Add(TileInstruction.Store(type, 0, 3));
        return new TileProgram(count, inputs, [new(type, new(3))], instructions.ToArray());
    }

    /// <summary>Three operands, whatever the function takes.</summary>
    public static IEnumerable<Array> Padded<T>(T[][] operands) =>
        Enumerable.Range(0, 3).Select(i => operands[Math.Min(i, operands.Length - 1)]);

    /// <summary>The functions that a type has.</summary>
    public static IEnumerable<TileFunction> FunctionsOf(ElementType type) =>
        Enum.GetValues<TileFunction>().Where(function => type != ElementType.Int32 || function.IsDefinedOnIntegers());

    /// <summary>Numbers of many magnitudes and both signs, the special ones among them.</summary>
    public static T[] Samples<T>(int count, int seed)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        double[] special =
        [
            0,
            -0.0,
            1,
            -1,
            0.5,
            -0.5,
            2,
            1e-40,
            -1e-40,
            double.PositiveInfinity,
            double.NegativeInfinity,
            double.NaN,
            88.8,
            -104,
            1e6,
            3,
        ];
        var random = new System.Random(seed);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                    i % 5 == 4 ? special[random.Next(special.Length)] : Math.Exp(random.NextDouble() * 12 - 6) * (random.Next(2) * 2 - 1)
                )
                .Select(T.CreateSaturating),
        ];
    }
}
