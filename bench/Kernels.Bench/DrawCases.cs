using Functional.Kernels;
using Functional.Kernels.Draw;
using Functional.Kernels.Tile;
using static Functional.Kernels.Tile.TileInstruction;

namespace Functional.Bench;

/// <summary>Random numbers, from counters and a key.</summary>
public class DrawCases : KernelCases
{
    private const ElementType F = ElementType.Float32;
    private const int Count = 1 << 20;

    protected override IEnumerable<BenchCase> List() =>
        [
            Draw("uniform", 1, Random(DrawKind.Uniform, F, 1, 0)),
            Draw("normal", 1, Random(DrawKind.Normal, F, 1, 0)),
            // The probabilities are read from memory.
            Draw("bernoulli", 3, Random(DrawKind.Uniform, F, 1, 0), Load(F, 2, 1), Apply(TileFunction.Less, F, 3, 1, 2)),
        ];

    /// <summary>A draw whose numbers are in a register when the work is done.</summary>
    private static BenchCase Draw(string name, int result, params TileInstruction[] work)
    {
        TileProgram program = new(
            Count,
            [TileView.Key(new(0)), TileView.Contiguous(F, new(1), Count)],
            [new TileOutput(F, new(2))],
            [.. work, Store(F, 0, result)]
        );
        return new BenchCase(
            $"draw {name} of {Count}",
            Count,
            "numbers",
            pool => new KernelRun(new TileKernel(program), pool, F, 2, Count, Count)
        );
    }
}
