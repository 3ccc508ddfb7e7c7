using System.Numerics;

namespace Functional.Tests.Draw;

/// <summary>Threefry-2x32-20 one block at a time, as the paper states it.</summary>
internal static class ScalarThreefry
{
    private static readonly int[] Rotations = [13, 15, 26, 6, 17, 29, 16, 24];

    public static (uint Low, uint High) Block(uint key0, uint key1, uint counter0, uint counter1)
    {
        uint[] keys = [key0, key1, 0x1BD11BDA ^ key0 ^ key1];
        (uint x0, uint x1) = (counter0 + key0, counter1 + key1);
        for (int round = 0; round < 20; round++)
        {
            x0 += x1;
            x1 = BitOperations.RotateLeft(x1, Rotations[round % 8]) ^ x0;
            if (round % 4 != 3)
                continue;
            int injection = round / 4 + 1;
            x0 += keys[injection % 3];
            x1 += keys[(injection + 1) % 3] + (uint)injection;
        }
        return (x0, x1);
    }
}
