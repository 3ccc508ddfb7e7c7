using System.Numerics;

namespace Functional.Kernels;

/// <summary>Finds the maximum of one window of any shape.</summary>
internal static unsafe class MaxWindow
{
    /// <summary>The first place, in row-major order, of the maximum of a window; −1 when the window lies in padding alone.</summary>
    public static long Find<T>(T* plane, in PoolShape shape, int row, int column)
        where T : unmanaged, INumber<T>
    {
        (int firstY, int endY) = shape.Height.Taps(row);
        (int firstX, int endX) = shape.Width.Taps(column);
        if (firstY >= endY || firstX >= endX)
            return -1;

        long place = (long)firstY * shape.Width.Length + firstX;
        T best = plane[place];
        for (int y = firstY; y < endY; y += shape.Height.Dilation)
        {
            long line = (long)y * shape.Width.Length;
            for (int x = firstX; x < endX; x += shape.Width.Dilation)
            {
                if (!Ranking.Beats(plane[line + x], best))
                    continue;
                best = plane[line + x];
                place = line + x;
            }
        }

        return place;
    }
}
