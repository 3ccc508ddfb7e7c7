using Functional.Kernels;
using Functional.Kernels.Tile;
using Xunit;

namespace Functional.Tests;

/// <summary>Loops of kernels: what a turn reads and writes, and whose memory it uses.</summary>
public class LoopTests
{
    private const ElementType Type = ElementType.Int32;
    private const int Count = 40_000;

    /// <summary>Elements of a buffer, or its one element in all places.</summary>
    private static TileView View(int slot, bool isScalar = false) => new(Type, new(slot), [Count], [isScalar ? 0 : 1]);

    /// <summary>left + right, element by element.</summary>
    private static TileKernel Add(TileView left, TileView right, int target) =>
        new(
            new TileProgram(
                Count,
                [left, right],
                [new(Type, new(target))],
                [
                    TileInstruction.Load(Type, 0, 0),
                    TileInstruction.Load(Type, 1, 1),
                    TileInstruction.Apply(TileFunction.Add, Type, 2, 0, 1),
                    TileInstruction.Store(Type, 0, 2),
                ]
            )
        );

    /// <summary>A turn that adds a constant, through the arena, and then the number of the turn.</summary>
    private static LoopKernel Sums(int turns, Operand initial, Operand constant, Operand output)
    {
        // Slots: turn, state, constant, state again, arena.
        Kernel[] body = [Add(View(1), View(2), target: 4), Add(View(4), View(0, isScalar: true), target: 3)];
        var sequence = new KernelSequence(body, slots: 5, arenaBytes: Count * sizeof(int));
        return new LoopKernel(sequence, turns, [new(initial, 64, Count * sizeof(int))], [constant], output);
    }

    private static int[] Numbers(int factor) => [.. Enumerable.Range(0, Count).Select(i => factor * i)];

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(9, 1)]
    [InlineData(9, 3)]
    public void EveryTurnWorksOnTheStateOfTheOneBefore(int turns, int threads)
    {
        int[] initial = Numbers(3);
        int[] constant = Numbers(1);
        // The state lies behind a gap, which stays as it is.
        int[] output = new int[16 + Count];
        Array.Fill(output, -1, 0, 16);
        KernelHarness.Run(Sums(turns, new(0), new(1), new(2)), threads, initial, constant, output);
        Assert.Equal(Enumerable.Repeat(-1, 16), output[..16]);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (3 + turns) * i + turns * (turns - 1) / 2), output[16..]);
    }

    [Fact]
    public void ALoopMayBeTheBodyOfALoop()
    {
        // Slots: turn, state, constant, state again, arena; the inner loop's result lies in the arena, its state behind a gap of 64 bytes.
        Kernel[] body = [Sums(4, new(1), new(2), new(4)), new CopyKernel(Type, new(4, 64), [1], new(3), [Count])];
        var sequence = new KernelSequence(body, slots: 5, arenaBytes: 64 + Count * sizeof(int));
        var kernel = new LoopKernel(sequence, 5, [new(new(0), 0, Count * sizeof(int))], [new(1)], new(2));
        int[] output = new int[Count];
        KernelHarness.Run(kernel, 2, Numbers(1), Numbers(2), output);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => i + 5 * (4 * 2 * i + 6)), output);
    }

    [Fact]
    public void TurnsAllocateNothing()
    {
        long Allocated(int turns) =>
            KernelHarness.AllocatedBytes(Sums(turns, new(0), new(1), new(2)), Numbers(1), Numbers(1), new int[16 + Count]);
        Assert.Equal(Allocated(1), Allocated(200));
    }
}
