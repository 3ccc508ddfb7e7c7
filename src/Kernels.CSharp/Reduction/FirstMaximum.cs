using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Functional.Kernels.Simd;

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

    /// <inheritdoc cref="Beats{T}(Vector128{T}, Vector128{T})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V BeatsByLane<V>(V candidate, V best)
        where V : unmanaged, IVector<V> => V.Less(best, candidate) | (V.Equal(best, best) & ~V.Equal(candidate, candidate));
}
