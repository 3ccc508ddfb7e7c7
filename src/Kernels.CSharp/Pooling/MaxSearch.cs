using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Functional.Kernels;

/// <summary>
/// Finds the maxima of windows of any shape, neighbours in a row at once, one to a lane. Comparing in lanes avoids
/// branches, which nothing could predict. Tables hold where every tap lies, so that strides, dilation and padding cost nothing.
/// </summary>
internal sealed unsafe class MaxSearch
{
    /// <summary>Windows that one search finds at most.</summary>
    public const int MostLanes = 4;

    private readonly PoolShape _shape;
    private readonly int[] _rows;
    private readonly int[] _columns;
    private readonly int _rowPitch;
    private readonly int _columnPitch;

    /// <summary>Lays the tables out.</summary>
    public MaxSearch(PoolShape shape)
    {
        _shape = shape;
        _rowPitch = shape.Height.Windows;
        _columnPitch = shape.Width.Windows + MostLanes - 1;
        _rows = shape.Height.TapTable(_rowPitch);
        _columns = shape.Width.TapTable(_columnPitch);
    }

    /// <summary>
    /// The place in the plane of the first maximum, in row-major order, of as many windows as a vector of 128 bits has
    /// lanes; lanes beyond the row's last window repeat it.
    /// </summary>
    public void Find<T>(T* plane, int row, int column, long* places)
        where T : unmanaged, INumber<T>
    {
        fixed (int* rows = &_rows[row])
        fixed (int* columns = &_columns[column])
        {
            long width = _shape.Width.Length;
            Vector128<T> best = Gather(plane + rows[0] * width, columns);
            Vector128<T> bestTap = Vector128<T>.Zero;
            Vector128<T> tap = Vector128<T>.Zero;
            for (int y = 0; y < _shape.Height.Window; y++)
            {
                T* line = plane + rows[y * _rowPitch] * width;
                for (int x = 0; x < _shape.Width.Window; x++)
                {
                    Vector128<T> candidate = Gather(line, columns + x * _columnPitch);
                    Vector128<T> beats = FirstMaximum.Beats(candidate, best);
                    best = Vector128.ConditionalSelect(beats, candidate, best);
                    bestTap = Vector128.ConditionalSelect(beats, tap, bestTap);
                    tap += Vector128<T>.One;
                }
            }

            T* taps = stackalloc T[Vector128<T>.Count];
            bestTap.Store(taps);
            for (int lane = 0; lane < Vector128<T>.Count; lane++)
            {
                (int y, int x) = Math.DivRem(int.CreateTruncating(taps[lane]), _shape.Width.Window);
                places[lane] = rows[y * _rowPitch] * width + columns[x * _columnPitch + lane];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Gather<T>(T* line, int* at)
        where T : unmanaged
    {
        if (sizeof(T) == 8)
        {
            var eight = (double*)line;
            return Vector128.Create(eight[at[0]], eight[at[1]]).As<double, T>();
        }

        var four = (float*)line;
        return Vector128.Create(four[at[0]], four[at[1]], four[at[2]], four[at[3]]).As<float, T>();
    }
}
