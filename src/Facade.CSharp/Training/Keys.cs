namespace Functional;

/// <summary>Keys of a seed that training does not use: training splits the seed's key, these fold a number into it.</summary>
internal static class Keys
{
    public const int Weights = -1;
    public const int Samples = -2;
    public const int Evidence = -3;
    public const int Pixels = -4;
    public const int Corruption = -5;
    public const int Split = -6;
    public const int Chains = -7;
    public const int Noise = -8;
    public const int Labels = -9;

    public static Core.Key Of(long seed, int use) => Core.KeyModule.foldIn(use, Core.KeyModule.ofSeed(seed));
}
