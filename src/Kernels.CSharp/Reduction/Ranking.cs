using System.Numerics;

namespace Functional.Kernels;

/// <summary>Which of two elements is the maximum where positions count.</summary>
internal static class Ranking
{
    /// <summary>Whether a later element takes the place of the best so far: it is larger, or the first NaN.</summary>
    public static bool Beats<T>(T candidate, T best)
        where T : unmanaged, INumber<T> => candidate > best || (T.IsNaN(candidate) && !T.IsNaN(best));
}
