using Functional.Kernels;
using Functional.Kernels.Tile;
using static Functional.Kernels.Tile.TileInstruction;

namespace Functional.Bench;

/// <summary>Chains of pointwise work in one pass, beside a copy of as much memory: in memory, and in the caches.</summary>
public class ChainCases : KernelCases
{
    private const ElementType F = ElementType.Float32;

    protected override IEnumerable<BenchCase> List() => [.. Chains(1 << 16), .. Chains(1 << 24)];

    private static IEnumerable<BenchCase> Chains(int count) =>
        [
            new(
                $"chain copy of {count}",
                8.0 * count,
                "bytes",
                pool => new KernelRun(new CopyKernel(F, new Operand(0), [1], new Operand(1), [count]), pool, F, count, count)
            ),
            Chain("scale and shift", count, 1, 1, Constant(F, 1, 0.5), Constant(F, 2, 3), Apply(TileFunction.MultiplyAdd, F, 3, 0, 1, 2)),
            Chain("sigmoid", count, 1, 1, Apply(TileFunction.Sigmoid, F, 1, 0)),
            Chain("elu's slope times a cotangent", count, 2, 1, Elu),
            Chain("Adam", count, 4, 3, Adam),
        ];

    /// <summary>g · (x &gt; 0 ? 1 : eˣ).</summary>
    private static TileInstruction[] Elu =>
        [
            Constant(F, 2, 0),
            Constant(F, 3, 1),
            Apply(TileFunction.Greater, F, 4, 0, 2),
            Apply(TileFunction.Exp, F, 5, 0),
            Apply(TileFunction.Select, F, 6, 4, 3, 5),
            Apply(TileFunction.Multiply, F, 7, 1, 6),
        ];

    /// <summary>Gradient, parameter and two moments to the latter three, which are the last three registers.</summary>
    private static TileInstruction[] Adam =>
        [
            Constant(F, 4, 0.9),
            Constant(F, 5, 0.1),
            Constant(F, 6, 0.999),
            Constant(F, 7, 0.001),
            Constant(F, 8, -0.001),
            Constant(F, 9, 1e-8),
            Apply(TileFunction.Multiply, F, 10, 0, 5),
            Apply(TileFunction.Square, F, 11, 0),
            Apply(TileFunction.Multiply, F, 12, 11, 7),
            Apply(TileFunction.MultiplyAdd, F, 16, 2, 4, 10),
            Apply(TileFunction.MultiplyAdd, F, 17, 3, 6, 12),
            Apply(TileFunction.Sqrt, F, 13, 17),
            Apply(TileFunction.Add, F, 14, 13, 9),
            Apply(TileFunction.Divide, F, 15, 16, 14),
            Apply(TileFunction.MultiplyAdd, F, 18, 15, 8, 1),
        ];

    /// <summary>A chain that stores its last registers over its last inputs.</summary>
    private static BenchCase Chain(string name, int count, int inputs, int outputs, params TileInstruction[] work)
    {
        int last = work.Max(instruction => instruction.Destination);
        int[] read = [.. Enumerable.Range(0, inputs)];
        int[] written = [.. Enumerable.Range(0, outputs)];
        TileProgram program = new(
            count,
            [.. read.Select(slot => TileView.Contiguous(F, new(slot), count))],
            [.. written.Select(slot => new TileOutput(F, new(inputs - outputs + slot)))],
            [.. read.Select(slot => Load(F, slot, slot)), .. work, .. written.Select(slot => Store(F, slot, last - outputs + 1 + slot))]
        );
        long[] sizes = [.. read.Select(_ => (long)count)];
        return new BenchCase(
            $"chain {name} of {count}",
            4.0 * count * (inputs + outputs),
            "bytes",
            pool => new KernelRun(new TileKernel(program), pool, F, sizes)
        );
    }
}
