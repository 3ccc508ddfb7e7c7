using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>Which of two elements is the maximum where positions count.</summary>
internal static class FirstMaximum
{
    /// <summary>Whether a later element takes the place of the best so far: it is larger, or the first NaN.</summary>
    public static bool Beats<T>(T candidate, T best)
        where T : unmanaged, INumber<T> => candidate > best || (T.IsNaN(candidate) && !T.IsNaN(best));

    /// <summary>The same in each lane: all bits set where the candidate beats the best.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Beats<T>(Vector128<T> candidate, Vector128<T> best)
        where T : unmanaged, INumber<T> =>
        Vector128.GreaterThan(candidate, best) | Vector128.AndNot(Vector128.Equals(best, best), Vector128.Equals(candidate, candidate));
}
