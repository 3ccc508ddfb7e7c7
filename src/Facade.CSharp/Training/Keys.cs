namespace Functional;

/// <summary>Keys of a seed that training does not use. Training folds in the numbers of its steps, which are 0 or more.</summary>
internal static class Keys
{
    public const int Weights = -1;
    public const int Samples = -2;
    public const int Evidence = -3;

    public static Core.Key Of(long seed, int use) => Core.KeyModule.foldIn(use, Core.KeyModule.ofSeed(seed));
}
