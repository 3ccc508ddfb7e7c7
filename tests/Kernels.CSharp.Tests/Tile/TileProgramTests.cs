using Functional.Kernels;
using Functional.Kernels.Draw;
using Functional.Kernels.Tile;
using Xunit;
using static Functional.Kernels.Tile.TileInstruction;

namespace Functional.Tests.Tile;

/// <summary>Programs of several instructions: in place, with scalars, with several outputs; and programs that are refused.</summary>
public class TileProgramTests
{
    private const ElementType F = ElementType.Float32;
    private const int Count = 70_001;

    [Fact]
    public void AnOptimizerStepInPlace()
    {
        float[] p = Elementwise.Samples<float>(Count, 1).Select(Finite).ToArray();
        float[] m = Elementwise.Samples<float>(Count, 2).Select(Finite).ToArray();
        float[] g = Elementwise.Samples<float>(Count, 3).Select(Finite).ToArray();
        float[] rate = [0.25f];
        float[] newM = [.. m.Zip(g, (a, b) => a * 0.5f + b)];
        float[] newP = [.. p.Zip(newM, (a, b) => a - b * 0.25f * 0.25f)];
        var program = new TileProgram(
            Count,
            [Contiguous(0), Contiguous(1), Contiguous(2), TileView.Scalar(F, new(3), Count)],
            [new(F, new(0)), new(F, new(1))],
            [
                Load(F, 0, 0),
                Load(F, 1, 1),
                Load(F, 2, 2),
                Load(F, 3, 3),
                Constant(F, 4, 0.5),
                Apply(TileFunction.Square, F, 5, 3),
                Apply(TileFunction.Multiply, F, 6, 1, 4),
                Apply(TileFunction.Add, F, 7, 6, 2),
                Store(F, 1, 7),
                Apply(TileFunction.Multiply, F, 8, 7, 5),
                Apply(TileFunction.Subtract, F, 9, 0, 8),
                Store(F, 0, 9),
            ]
        );
        KernelHarness.Run(new TileKernel(program), 2, p, m, g, rate);
        Assert.Equal(newM, m);
        Assert.Equal(newP, p);
    }

    [Fact]
    public void AnInputThatIsReadAfterItsPlaceWasWrittenKeepsItsValue()
    {
        float[] x = [.. Enumerable.Range(0, Count).Select(i => (float)i)];
        var y = new float[Count];
        var program = new TileProgram(
            Count,
            [Contiguous(0)],
            [new(F, new(0)), new(F, new(1))],
            [
                Load(F, 0, 0),
                Apply(TileFunction.Negate, F, 1, 0),
                Store(F, 0, 1),
                Apply(TileFunction.Add, F, 2, 0, 1),
                Apply(TileFunction.Subtract, F, 3, 0, 2),
                Store(F, 1, 3),
            ]
        );
        KernelHarness.Run(new TileKernel(program), 2, x, y);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => -(float)i), x);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (float)i), y);
    }

    [Fact]
    public void TwoBuffersChangePlaces()
    {
        float[] x = [.. Enumerable.Range(0, Count).Select(i => (float)i)],
            y = [.. x.Select(value => value + 0.5f)];
        float[] oldX = [.. x],
            oldY = [.. y];
        var program = new TileProgram(
            Count,
            [Contiguous(0), Contiguous(1)],
            [new(F, new(0)), new(F, new(1))],
            [Load(F, 0, 0), Load(F, 1, 1), Store(F, 0, 1), Store(F, 1, 0)]
        );
        KernelHarness.Run(new TileKernel(program), 2, x, y);
        Assert.Equal(oldY, x);
        Assert.Equal(oldX, y);
    }

    [Fact]
    public void OneRegisterCanBeStoredTwiceAndAConstantFillsAnOutput()
    {
        float[] x = new float[Count],
            y = new float[Count],
            z = new float[Count];
        var program = new TileProgram(
            Count,
            [new TileView(ElementType.Int32, default, [Count], [1])],
            [new(F, new(0)), new(F, new(1)), new(F, new(2))],
            [Iota(F, 0, 0), Constant(F, 1, 3), Apply(TileFunction.Square, F, 2, 1), Store(F, 0, 0), Store(F, 1, 0), Store(F, 2, 2)]
        );
        KernelHarness.Run(new TileKernel(program), 2, x, y, z);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (float)i), x);
        Assert.Equal(x, y);
        Assert.All(z, value => Assert.Equal(9, value));
    }

    [Fact]
    public void RegistersOfAllTypesMixThroughCasts()
    {
        int[] labels = [.. Enumerable.Range(0, Count).Select(i => i % 10)];
        var result = new double[Count];
        var program = new TileProgram(
            Count,
            [TileView.Contiguous(ElementType.Int32, new(0), Count)],
            [new(ElementType.Float64, new(1))],
            [
                Load(ElementType.Int32, 0, 0),
                Constant(ElementType.Int32, 1, 7),
                Apply(TileFunction.Equal, ElementType.Int32, 2, 0, 1),
                Cast(F, 3, 2),
                Constant(F, 4, 0.5),
                Apply(TileFunction.Multiply, F, 5, 3, 4),
                Cast(ElementType.Float64, 6, 5),
                Cast(ElementType.Float64, 7, 4),
                Apply(TileFunction.Add, ElementType.Float64, 8, 6, 7),
                Store(ElementType.Float64, 0, 8),
            ]
        );
        KernelHarness.Run(new TileKernel(program), 3, labels, result);
        Assert.Equal(labels.Select(label => label == 7 ? 1.0 : 0.5), result);
    }

    /// <summary>Long random chains, whose registers share memory, against the same chains on arrays.</summary>
    [Fact]
    public void RandomChainsAgreeWithArrays()
    {
        const int count = 1500;
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new System.Random(seed);
            List<TileInstruction> instructions = [Load(F, 0, 0), Load(F, 1, 1), Constant(F, 2, 1.25)];
            float[][] arrays =
            [
                Elementwise.Samples<float>(count, seed).Select(Finite).ToArray(),
                Elementwise.Samples<float>(count, seed + 99).Select(Finite).ToArray(),
            ];
            List<float[]> values = [arrays[0], arrays[1], [.. Enumerable.Repeat(1.25f, count)]];
            for (int register = 3; register < 24; register++)
            {
                (int a, int b) = (random.Next(register), random.Next(register));
                bool add = random.Next(2) == 0;
                instructions.Add(Apply(add ? TileFunction.Add : TileFunction.Minimum, F, register, a, b));
                Func<float, float, float> function = add ? (x, y) => x + y : Math.Min;
                values.Add([.. values[a].Zip(values[b], function)]);
            }
            int[] stored = [.. Enumerable.Range(0, 24).OrderBy(_ => random.Next()).Take(2)];
            instructions.Insert(random.Next(stored[0] + 1, 25), Store(F, 0, stored[0]));
            instructions.Add(Store(F, 1, stored[1]));
            var program = new TileProgram(
                count,
                [Sized(0, count), Sized(1, count)],
                [new(F, new(0)), new(F, new(1))],
                instructions.ToArray()
            );
            float[] x = [.. arrays[0]],
                y = [.. arrays[1]];
            KernelHarness.Run(new TileKernel(program), 1, x, y);
            Assert.Equal(values[stored[0]], x);
            Assert.Equal(values[stored[1]], y);
        }
    }

    [Fact]
    public void ARunAllocatesNothing()
    {
        var program = new TileProgram(
            5000,
            [Sized(0, 5000), TileView.Scalar(F, new(1), 5000), new TileView(F, new(0), [50, 100], [1, 50]), TileView.Key(new(2))],
            [new(F, new(3))],
            [
                Load(F, 0, 0),
                Load(F, 1, 1),
                Load(F, 2, 2),
                TileInstruction.Random(DrawKind.Normal, F, 3, 3),
                Apply(TileFunction.Power, F, 4, 0, 1),
                Apply(TileFunction.MultiplyAdd, F, 5, 2, 3, 4),
                Store(F, 0, 5),
            ],
            result: 5
        );
        foreach (Kernel kernel in new Kernel[] { new TileKernel(program), new TileReduceKernel(program, TileReduction.Sum, 2500, new(4)) })
        {
            var probe = new AllocationProbe(kernel);
            KernelHarness.Run(probe, 1, new float[5000], new float[1], new int[2], new float[5000], new float[2]);
            Assert.Equal(0, probe.Allocated);
        }
    }

    [Fact]
    public void MistakesAreNamed()
    {
        Refuses("instruction 0 (Apply): register 5", Apply(TileFunction.Exp, F, 1, 5));
        Refuses("instruction 1 (Load): register 0 is written twice", Load(F, 0, 0), Load(F, 0, 0));
        Refuses("register 0 is Float32, not Float64", Load(F, 0, 0), Apply(TileFunction.Exp, ElementType.Float64, 1, 0));
        Refuses("Exp is not defined on Int32", Constant(ElementType.Int32, 0, 1), Apply(TileFunction.Exp, ElementType.Int32, 1, 0));
        Refuses("there is no input 9", Load(F, 0, 9));
        Refuses("input 0 is Float32, not Int32", Load(ElementType.Int32, 0, 0));
        Refuses("input 0 is not a key", TileInstruction.Random(DrawKind.Normal, F, 0, 0));
        Refuses("there is no output 1", Load(F, 0, 0), Store(F, 1, 0));
        Refuses("output 0 is stored twice", Load(F, 0, 0), Store(F, 0, 0), Store(F, 0, 0));
        Refuses("an output is never stored", Load(F, 0, 0));
    }

    [Fact]
    public void OverlapsAreRefused()
    {
        TileInstruction[] copy = [Load(F, 0, 0), Store(F, 0, 0)];
        var shifted = TileView.Contiguous(F, new(0, 4), 10);
        Assert.Contains("exact place", Refusal(() => new TileProgram(10, [shifted], [new(F, new(0))], copy)));
        var flipped = new TileView(F, new(0), [10], [-1], 9);
        Assert.Contains("exact place", Refusal(() => new TileProgram(10, [flipped], [new(F, new(0))], copy)));
        TileInstruction[] twice = [Load(F, 0, 0), Store(F, 0, 0), Store(F, 1, 0)];
        Assert.Contains(
            "outputs 0 and 1 overlap",
            Refusal(() => new TileProgram(10, [Sized(5, 10)], [new(F, new(0)), new(F, new(0, 36))], twice))
        );
        Assert.Contains("has 10 elements, not 11", Refusal(() => new TileProgram(11, [Sized(1, 10)], [new(F, new(0))], copy)));
    }

    private static void Refuses(string message, params TileInstruction[] instructions) =>
        Assert.Contains(message, Refusal(() => new TileProgram(10, [Sized(0, 10)], [new(F, new(1))], instructions)));

    private static string Refusal(Func<object> make) => Assert.Throws<ArgumentException>(make).Message;

    private static TileView Contiguous(int slot) => Sized(slot, Count);

    private static TileView Sized(int slot, int count) => TileView.Contiguous(F, new(slot), count);

    private static float Finite(float value) => float.IsFinite(value) ? value : 1;
}
