using System.Numerics;
using Functional.Kernels;
using Functional.Kernels.Draw;
using Functional.Kernels.Tile;
using Functional.Tests.Tile;
using Xunit;

namespace Functional.Tests.Draw;

/// <summary>Draws against the scalar definition, their independence of ranges and threads, and their moments.</summary>
public class DrawTests
{
    private const int Count = 40_000;
    private static readonly int[] Key = [0x13198A2E, 0x03707344];

    [Fact]
    public void WordsAreThoseOfTheDefinition() =>
        Assert.Equal(Enumerable.Range(0, Count).Select(Word), Draw<int>(DrawKind.Bits32, Key).Select(word => (uint)word));

    [Fact]
    public void Float32UniformsAreTheTop24Bits() =>
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (Word(i) >> 8) * 5.9604645e-8f), Draw<float>(DrawKind.Uniform, Key));

    [Fact]
    public void Float64UniformsAreTheTop53Bits()
    {
        IEnumerable<double> expected = Enumerable
            .Range(0, Count)
            .Select(i => ScalarThreefry.Block((uint)Key[0], (uint)Key[1], (uint)i, 0))
            .Select(words => (((ulong)words.High << 21) ^ (words.Low >> 11)) * (1.0 / 9007199254740992.0));
        Assert.Equal(expected, Draw<double>(DrawKind.Uniform, Key));
    }

    [Fact]
    public void Float32NormalsAreWithinTheirTolerance()
    {
        float[] normals = Draw<float>(DrawKind.Normal, Key);
        for (int i = 0; i < Count; i++)
        {
            (uint low, uint high) = ScalarThreefry.Block((uint)Key[0], (uint)Key[1], (uint)(i / 32 * 16 + i % 16), 0);
            double radius = Math.Sqrt(-2 * Math.Log((low + 0.5) / 4294967296.0));
            double angle = 2 * Math.PI * (high + 0.5) / 4294967296.0;
            Assert.Equal(radius * (i % 32 < 16 ? Math.Cos(angle) : Math.Sin(angle)), normals[i], 1e-6);
        }
    }

    [Fact]
    public void Float64Normals()
    {
        double[] normals = Draw<double>(DrawKind.Normal, Key);
        for (int i = 0; i < Count; i++)
        {
            (uint low, uint high) = ScalarThreefry.Block((uint)Key[0], (uint)Key[1], (uint)i, 0);
            double expected = Math.Sqrt(-2 * Math.Log((low + 0.5) / 4294967296.0)) * Math.Cos(2 * Math.PI * (high + 0.5) / 4294967296.0);
            Assert.Equal(expected, normals[i], 1e-14);
        }
    }

    [Fact]
    public void MomentsOfNormals()
    {
        for (int seed = 0; seed < 5; seed++)
        {
            float[] x = Draw<float>(DrawKind.Normal, [seed, ~seed]);
            double[] y = Draw<double>(DrawKind.Normal, [seed, ~seed]);
            AssertMoments(x.Select(value => (double)value), 0, 1, 3);
            AssertMoments(y, 0, 1, 3);
        }
    }

    [Fact]
    public void MomentsOfUniforms()
    {
        float[] x = Draw<float>(DrawKind.Uniform, Key);
        Assert.All(x, value => Assert.InRange(value, 0, 0.99999994f));
        AssertMoments(x.Select(value => (double)value), 0.5, 1 / 12.0, 9 / 5.0);
        AssertMoments(Draw<double>(DrawKind.Uniform, Key), 0.5, 1 / 12.0, 9 / 5.0);
    }

    [Fact]
    public void KeysGiveUnrelatedDraws()
    {
        float[] x = Draw<float>(DrawKind.Normal, [0, 1]);
        float[] y = Draw<float>(DrawKind.Normal, [0, 2]);
        double correlation = x.Zip(y, (a, b) => (double)a * b).Average();
        Assert.InRange(correlation, -5 / Math.Sqrt(Count), 5 / Math.Sqrt(Count));
    }

    /// <summary>Mean, variance and kurtosis, each within five standard errors or nearly so.</summary>
    private static void AssertMoments(IEnumerable<double> values, double mean, double variance, double kurtosis)
    {
        double[] x = [.. values.Select(value => (value - mean) / Math.Sqrt(variance))];
        double error = 5 / Math.Sqrt(x.Length);
        Assert.InRange(x.Average(), -error, error);
        Assert.InRange(x.Average(value => value * value) - 1, -error * Math.Sqrt(kurtosis - 1), error * Math.Sqrt(kurtosis - 1));
        Assert.InRange(x.Average(value => value * value * value * value) - kurtosis, -10 * error, 10 * error);
    }

    /// <summary>A draw, made whole, by several threads and in pieces: always of the same bits.</summary>
    private static T[] Draw<T>(DrawKind kind, int[] key)
        where T : unmanaged, INumber<T>
    {
        ElementType type = Elementwise.TypeOf<T>();
        var program = new TileProgram(
            Count,
            [TileView.Key(new(0))],
            [new(type, new(1))],
            [TileInstruction.Random(kind, type, 0, 0), TileInstruction.Store(type, 0, 0)]
        );
        int[] ends = [1, 7, 32, 33, 100, 164, 1188, 2345, 3369, 20_001, Count - 3, Count];
        Kernel pieces = new PiecewiseKernel(new TileEpilogue(program), ends);
        T[][] draws = [new T[Count], new T[Count], new T[Count]];
        KernelHarness.Run(new TileKernel(program), 1, key, draws[0]);
        KernelHarness.Run(new TileKernel(program), 3, key, draws[1]);
        KernelHarness.Run(pieces, 2, key, draws[2]);
        Assert.Equal(draws[0], draws[1]);
        Assert.Equal(draws[0], draws[2]);
        return draws[0];
    }

    private static uint Word(int i)
    {
        (uint low, uint high) = ScalarThreefry.Block((uint)Key[0], (uint)Key[1], (uint)(i / 32 * 16 + i % 16), 0);
        return i % 32 < 16 ? low : high;
    }
}
