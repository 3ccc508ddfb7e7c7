using Functional.Kernels.Draw;
using Xunit;

namespace Functional.Tests.Draw;

/// <summary>Derived keys against the published vectors of Threefry-2x32-20 and the scalar cipher.</summary>
public class KeyKernelTests
{
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0x6B200159u, 0x99BA4EFEu)]
    [InlineData(0xFFFFFFFFu, 0xFFFFFFFFu, 0xFFFFFFFFu, 0xFFFFFFFFu, 0x1CB996FCu, 0xBB002BE7u)]
    [InlineData(0x13198A2Eu, 0x03707344u, 0x243F6A88u, 0x85A308D3u, 0xC4923A9Cu, 0x483DF7A0u)]
    public void KnownAnswers(uint key0, uint key1, uint counter0, uint counter1, uint low, uint high)
    {
        int[] key = [(int)key0, (int)key1];
        var result = new int[2];
        KernelHarness.Run(new KeyKernel(new(0), new(1), new(2), (int)counter1, 1), 1, key, new[] { (int)counter0 }, result);
        Assert.Equal([(int)low, (int)high], result);
        Assert.Equal((low, high), ScalarThreefry.Block(key0, key1, counter0, counter1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(19)]
    [InlineData(20_000)]
    public void EachRowIsTheBlockOfItsData(int rows)
    {
        int[] key = [5, -6];
        int[] data = [.. Enumerable.Range(0, rows).Select(i => i * 7919 - 4)];
        Assert.Equal(Expected(key, data, 2), Derive(new(new(0), new(1), new(2), 2, rows), key, data));
        Assert.Equal(Expected(key, [.. Enumerable.Range(0, rows)], 1), Derive(new(new(0), null, new(2), 1, rows), key, data));
    }

    private static int[] Derive(KeyKernel kernel, int[] key, int[] data)
    {
        var result = new int[2 * data.Length];
        KernelHarness.Run(kernel, 2, key, data, result);
        return result;
    }

    private static IEnumerable<int> Expected(int[] key, int[] data, uint stream) =>
        data.Select(word => ScalarThreefry.Block((uint)key[0], (uint)key[1], (uint)word, stream))
            .SelectMany(words => new[] { (int)words.Low, (int)words.High });
}
