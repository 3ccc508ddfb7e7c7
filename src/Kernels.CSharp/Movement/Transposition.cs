using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels;

/// <summary>Transposes a block through square tiles: whole cache lines on both sides, vectors where the machine has AVX.</summary>
internal static unsafe class Transposition
{
    /// <summary>Copies source[column · sourceStride + row] to target[row · targetStride + column].</summary>
    public static void Copy<T>(T* source, long sourceStride, T* target, long targetStride, long rows, long columns)
        where T : unmanaged
    {
        long tile = Vector256<T>.Count;
        long fullRows = Avx.IsSupported ? rows / tile * tile : 0;
        long fullColumns = Avx.IsSupported ? columns / tile * tile : 0;
        for (long row = 0; row < fullRows; row += tile)
        {
            for (long column = 0; column < fullColumns; column += tile)
                CopyTile(source + column * sourceStride + row, sourceStride, target + row * targetStride + column, targetStride);
        }

        CopyElements(source, sourceStride, target, targetStride, 0, fullRows, fullColumns, columns);
        CopyElements(source, sourceStride, target, targetStride, fullRows, rows, 0, columns);
    }

    private static void CopyElements<T>(
        T* source,
        long sourceStride,
        T* target,
        long targetStride,
        long firstRow,
        long endRow,
        long firstColumn,
        long endColumn
    )
        where T : unmanaged
    {
        for (long row = firstRow; row < endRow; row++)
        {
            for (long column = firstColumn; column < endColumn; column++)
                target[row * targetStride + column] = source[column * sourceStride + row];
        }
    }

    private static void CopyTile<T>(T* source, long sourceStride, T* target, long targetStride)
        where T : unmanaged
    {
        if (sizeof(T) == 4)
            CopyTile((float*)source, sourceStride, (float*)target, targetStride);
        else
            CopyTile((double*)source, sourceStride, (double*)target, targetStride);
    }

    /// <summary>8 × 8 elements of four bytes: pairs, then pairs of pairs, then halves change places.</summary>
    private static void CopyTile(float* source, long sourceStride, float* target, long targetStride)
    {
        for (int half = 0; half < 2; half++)
        {
            // The upper half of each vector holds the column four further on, so that no lane crossing is left to do.
            float* from = source + 4 * half;
            Vector256<float> c0 = Join(from, sourceStride, 0);
            Vector256<float> c1 = Join(from, sourceStride, 1);
            Vector256<float> c2 = Join(from, sourceStride, 2);
            Vector256<float> c3 = Join(from, sourceStride, 3);
            Vector256<double> low01 = Avx.UnpackLow(c0, c1).AsDouble();
            Vector256<double> low23 = Avx.UnpackLow(c2, c3).AsDouble();
            Vector256<double> high01 = Avx.UnpackHigh(c0, c1).AsDouble();
            Vector256<double> high23 = Avx.UnpackHigh(c2, c3).AsDouble();
            float* to = target + 4 * half * targetStride;
            Avx.UnpackLow(low01, low23).AsSingle().Store(to);
            Avx.UnpackHigh(low01, low23).AsSingle().Store(to + targetStride);
            Avx.UnpackLow(high01, high23).AsSingle().Store(to + 2 * targetStride);
            Avx.UnpackHigh(high01, high23).AsSingle().Store(to + 3 * targetStride);
        }
    }

    private static Vector256<float> Join(float* from, long stride, int column) =>
        Vector256.Create(Vector128.Load(from + column * stride), Vector128.Load(from + (column + 4) * stride));

    /// <summary>4 × 4 elements of eight bytes.</summary>
    private static void CopyTile(double* source, long sourceStride, double* target, long targetStride)
    {
        for (int half = 0; half < 2; half++)
        {
            double* from = source + 2 * half;
            Vector256<double> c0 = Join(from, sourceStride, 0);
            Vector256<double> c1 = Join(from, sourceStride, 1);
            double* to = target + 2 * half * targetStride;
            Avx.UnpackLow(c0, c1).Store(to);
            Avx.UnpackHigh(c0, c1).Store(to + targetStride);
        }
    }

    private static Vector256<double> Join(double* from, long stride, int column) =>
        Vector256.Create(Vector128.Load(from + column * stride), Vector128.Load(from + (column + 2) * stride));
}
