using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels;

/// <summary>Images with the channels of each position side by side.</summary>
internal static unsafe class Channels
{
    /// <summary>Deals out planes: <c>to[i · rowStep + j · step + c] = planes[c · plane + i · columns + j]</c>.</summary>
    /// <param name="planes">the first channel.</param>
    /// <param name="plane">elements from one channel to the next.</param>
    /// <param name="channels">how many channels.</param>
    /// <param name="rows">rows of each channel, one after the other.</param>
    /// <param name="columns">elements of a row.</param>
    /// <param name="to">where they go.</param>
    /// <param name="step">elements from one column to the next.</param>
    /// <param name="rowStep">elements from one row to the next.</param>
    public static void Deal<T>(T* planes, nint plane, int channels, int rows, int columns, T* to, nint step, nint rowStep)
        where T : unmanaged
    {
        int dealt = 0;
        if (sizeof(T) == sizeof(float) && columns >= 4)
        {
            float* from = (float*)planes;
            float* target = (float*)to;
            if (Avx512F.IsSupported)
                for (; dealt + 16 <= channels; dealt += 16)
                    Deal<Sixteen>(from + dealt * plane, plane, rows, columns, target + dealt, step, rowStep);
            if (Avx.IsSupported)
                for (; dealt + 8 <= channels; dealt += 8)
                    Deal<Eight>(from + dealt * plane, plane, rows, columns, target + dealt, step, rowStep);
        }

        for (int row = 0; row < rows && dealt < channels; row++)
        {
            T* from = planes + dealt * plane + row * columns;
            Transposition.Copy(from, plane, to + dealt + row * rowStep, step, columns, channels - dealt);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Deal<TTile>(float* from, nint plane, int rows, int columns, float* to, nint step, nint rowStep)
        where TTile : struct, ITile
    {
        for (int row = 0; row < rows; row++, from += columns, to += rowStep)
        {
            for (int column = 0; column + 4 <= columns; column += 4)
                TTile.Copy(from + column, plane, to + column * step, step);
            // The last four may overlap those before.
            if (columns % 4 > 0)
                TTile.Copy(from + columns - 4, plane, to + (columns - 4) * step, step);
        }
    }

    /// <summary>Four neighbouring positions of some channels.</summary>
    private interface ITile
    {
        static abstract void Copy(float* from, nint plane, float* to, nint step);
    }

    /// <summary>
    /// Each part of 128 bits holds four positions of one channel and, with its three neighbours, is transposed within itself:
    /// parts of a vector are four channels apart.
    /// </summary>
    private readonly struct Sixteen : ITile
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Copy(float* from, nint plane, float* to, nint step)
        {
            Vector512<float> c0 = Join(from, plane);
            Vector512<float> c1 = Join(from + plane, plane);
            Vector512<float> c2 = Join(from + 2 * plane, plane);
            Vector512<float> c3 = Join(from + 3 * plane, plane);
            Vector512<double> low01 = Avx512F.UnpackLow(c0, c1).AsDouble();
            Vector512<double> low23 = Avx512F.UnpackLow(c2, c3).AsDouble();
            Vector512<double> high01 = Avx512F.UnpackHigh(c0, c1).AsDouble();
            Vector512<double> high23 = Avx512F.UnpackHigh(c2, c3).AsDouble();
            Avx512F.UnpackLow(low01, low23).AsSingle().Store(to);
            Avx512F.UnpackHigh(low01, low23).AsSingle().Store(to + step);
            Avx512F.UnpackLow(high01, high23).AsSingle().Store(to + 2 * step);
            Avx512F.UnpackHigh(high01, high23).AsSingle().Store(to + 3 * step);
        }

        private static Vector512<float> Join(float* from, nint plane) =>
            Vector512.Create(Eight.Join(from, plane), Eight.Join(from + 8 * plane, plane));
    }

    /// <summary>The same with half as many channels.</summary>
    private readonly struct Eight : ITile
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Copy(float* from, nint plane, float* to, nint step)
        {
            Vector256<float> c0 = Join(from, plane);
            Vector256<float> c1 = Join(from + plane, plane);
            Vector256<float> c2 = Join(from + 2 * plane, plane);
            Vector256<float> c3 = Join(from + 3 * plane, plane);
            Vector256<double> low01 = Avx.UnpackLow(c0, c1).AsDouble();
            Vector256<double> low23 = Avx.UnpackLow(c2, c3).AsDouble();
            Vector256<double> high01 = Avx.UnpackHigh(c0, c1).AsDouble();
            Vector256<double> high23 = Avx.UnpackHigh(c2, c3).AsDouble();
            Avx.UnpackLow(low01, low23).AsSingle().Store(to);
            Avx.UnpackHigh(low01, low23).AsSingle().Store(to + step);
            Avx.UnpackLow(high01, high23).AsSingle().Store(to + 2 * step);
            Avx.UnpackHigh(high01, high23).AsSingle().Store(to + 3 * step);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Join(float* from, nint plane) =>
            Vector256.Create(Vector128.Load(from), Vector128.Load(from + 4 * plane));
    }
}
