using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels;

/// <summary>Transposes squares of as many rows as a vector has elements, between rows that may lie anywhere.</summary>
/// <remarks>
/// A vector is taken as parts of 16 bytes. First the parts change places between rows that are a part's elements apart, then
/// the elements within parts between neighbouring rows. All of a square is in registers in between.
/// </remarks>
internal static unsafe class LaneSquare<TLanes, T, V>
    where TLanes : ILanes<T, V>
    where T : unmanaged
    where V : unmanaged
{
    /// <summary>Rows and columns of a square.</summary>
    public static int Side => sizeof(V) / sizeof(T);

    /// <summary>Elements of a part: four of float32, two of float64.</summary>
    private static int Part => 16 / sizeof(T);

    /// <summary>Parts of a vector.</summary>
    private static int Parts => sizeof(V) / 16;

    /// <summary><c>to[j][toStart + i] = from[i][fromStart + j]</c></summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(T** from, nint fromStart, T** to, nint toStart)
    {
        Quad<V> rows0 = ExchangeParts(from, fromStart);
        Quad<V> rows1 = ExchangeParts(from + 1, fromStart);
        Quad<V> rows2 = Part == 4 ? ExchangeParts(from + 2, fromStart) : default;
        Quad<V> rows3 = Part == 4 ? ExchangeParts(from + 3, fromStart) : default;
        Store(rows0.Row0, rows1.Row0, rows2.Row0, rows3.Row0, to, toStart);
        if (Parts > 1)
            Store(rows0.Row1, rows1.Row1, rows2.Row1, rows3.Row1, to + Part, toStart);
        if (Parts > 2)
        {
            Store(rows0.Row2, rows1.Row2, rows2.Row2, rows3.Row2, to + 2 * Part, toStart);
            Store(rows0.Row3, rows1.Row3, rows2.Row3, rows3.Row3, to + 3 * Part, toStart);
        }
    }

    /// <summary>Row i of the result has part i of each of the rows that are read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad<V> ExchangeParts(T** from, nint start)
    {
        Quad<V> rows = default;
        V row0 = TLanes.Load(from[0] + start);
        if (Parts == 1)
        {
            rows.Row0 = row0;
        }
        else if (Parts == 2)
        {
            Vector256<float> a = Unsafe.BitCast<V, Vector256<float>>(row0);
            Vector256<float> b = Unsafe.BitCast<V, Vector256<float>>(TLanes.Load(from[Part] + start));
            rows.Row0 = Unsafe.BitCast<Vector256<float>, V>(Avx.Permute2x128(a, b, 0x20));
            rows.Row1 = Unsafe.BitCast<Vector256<float>, V>(Avx.Permute2x128(a, b, 0x31));
        }
        else
        {
            Vector512<float> a = Unsafe.BitCast<V, Vector512<float>>(row0);
            Vector512<float> b = Unsafe.BitCast<V, Vector512<float>>(TLanes.Load(from[Part] + start));
            Vector512<float> c = Unsafe.BitCast<V, Vector512<float>>(TLanes.Load(from[2 * Part] + start));
            Vector512<float> d = Unsafe.BitCast<V, Vector512<float>>(TLanes.Load(from[3 * Part] + start));
            Vector512<float> lowAB = Avx512F.Shuffle4x128(a, b, 0x44);
            Vector512<float> lowCD = Avx512F.Shuffle4x128(c, d, 0x44);
            Vector512<float> highAB = Avx512F.Shuffle4x128(a, b, 0xEE);
            Vector512<float> highCD = Avx512F.Shuffle4x128(c, d, 0xEE);
            rows.Row0 = Unsafe.BitCast<Vector512<float>, V>(Avx512F.Shuffle4x128(lowAB, lowCD, 0x88));
            rows.Row1 = Unsafe.BitCast<Vector512<float>, V>(Avx512F.Shuffle4x128(lowAB, lowCD, 0xDD));
            rows.Row2 = Unsafe.BitCast<Vector512<float>, V>(Avx512F.Shuffle4x128(highAB, highCD, 0x88));
            rows.Row3 = Unsafe.BitCast<Vector512<float>, V>(Avx512F.Shuffle4x128(highAB, highCD, 0xDD));
        }

        return rows;
    }

    /// <summary>Transposes the elements of each part and stores the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V row0, V row1, V row2, V row3, T** to, nint start)
    {
        if (Part == 2)
        {
            TLanes.Store(to[0] + start, Low(row0, row1));
            TLanes.Store(to[1] + start, High(row0, row1));
            return;
        }

        V even = Low(row0, row2);
        V odd = Low(row1, row3);
        TLanes.Store(to[0] + start, Low(even, odd));
        TLanes.Store(to[1] + start, High(even, odd));
        even = High(row0, row2);
        odd = High(row1, row3);
        TLanes.Store(to[2] + start, Low(even, odd));
        TLanes.Store(to[3] + start, High(even, odd));
    }

    /// <summary>The lower halves of each part of both, element by element in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Low(V left, V right) => Zip(left, right, isHigh: false);

    /// <summary>The upper halves of each part of both, element by element in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V High(V left, V right) => Zip(left, right, isHigh: true);

    // Whatever is compared here is known to the compiler, so that one instruction is left.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Zip(V left, V right, bool isHigh)
    {
        if (Parts == 1)
            return isHigh ? TLanes.ZipHigh(left, right) : TLanes.ZipLow(left, right);
        if (Parts == 2 && Part == 4)
        {
            Vector256<float> a = Unsafe.BitCast<V, Vector256<float>>(left);
            Vector256<float> b = Unsafe.BitCast<V, Vector256<float>>(right);
            return Unsafe.BitCast<Vector256<float>, V>(isHigh ? Avx.UnpackHigh(a, b) : Avx.UnpackLow(a, b));
        }

        if (Parts == 2)
        {
            Vector256<double> a = Unsafe.BitCast<V, Vector256<double>>(left);
            Vector256<double> b = Unsafe.BitCast<V, Vector256<double>>(right);
            return Unsafe.BitCast<Vector256<double>, V>(isHigh ? Avx.UnpackHigh(a, b) : Avx.UnpackLow(a, b));
        }

        if (Part == 4)
        {
            Vector512<float> a = Unsafe.BitCast<V, Vector512<float>>(left);
            Vector512<float> b = Unsafe.BitCast<V, Vector512<float>>(right);
            return Unsafe.BitCast<Vector512<float>, V>(isHigh ? Avx512F.UnpackHigh(a, b) : Avx512F.UnpackLow(a, b));
        }

        Vector512<double> wideA = Unsafe.BitCast<V, Vector512<double>>(left);
        Vector512<double> wideB = Unsafe.BitCast<V, Vector512<double>>(right);
        return Unsafe.BitCast<Vector512<double>, V>(isHigh ? Avx512F.UnpackHigh(wideA, wideB) : Avx512F.UnpackLow(wideA, wideB));
    }
}
