using System.Numerics;

namespace Functional.Kernels;

/// <summary>The inner loops of reductions. Columns are independent, so their bits depend on the order of rows alone.</summary>
internal static unsafe class Fold<T, TReducer>
    where T : unmanaged, INumber<T>
    where TReducer : IReducer<T>
{
    /// <summary>accumulator[j] = accumulator[j] ∘ row[j].</summary>
    public static void Row(T* accumulator, T* row, long width)
    {
        long j = 0;
        for (; j + Vector<T>.Count <= width; j += Vector<T>.Count)
            Vector.Store(TReducer.Combine(Vector.Load(accumulator + j), Vector.Load(row + j)), accumulator + j);
        for (; j < width; j++)
            accumulator[j] = TReducer.Combine(accumulator[j], row[j]);
    }

    /// <summary>accumulator[j] = rows[0][j] ∘ rows[1][j] ∘ …, from the first row to the last, for one row or more.</summary>
    public static void Rows(T* accumulator, T* rows, long stride, long count, long width)
    {
        new ReadOnlySpan<T>(rows, (int)width).CopyTo(new Span<T>(accumulator, (int)width));
        long row = 1;
        for (; row + 4 <= count; row += 4)
            FourRows(accumulator, rows + row * stride, stride, width);
        for (; row < count; row++)
            Row(accumulator, rows + row * stride, width);
    }

    /// <summary>Four rows at once, so that the accumulator is loaded and stored a quarter as often.</summary>
    private static void FourRows(T* accumulator, T* rows, long stride, long width)
    {
        T* row1 = rows + stride;
        T* row2 = row1 + stride;
        T* row3 = row2 + stride;
        long j = 0;
        for (; j + Vector<T>.Count <= width; j += Vector<T>.Count)
        {
            Vector<T> sum = TReducer.Combine(Vector.Load(accumulator + j), Vector.Load(rows + j));
            sum = TReducer.Combine(sum, Vector.Load(row1 + j));
            sum = TReducer.Combine(sum, Vector.Load(row2 + j));
            Vector.Store(TReducer.Combine(sum, Vector.Load(row3 + j)), accumulator + j);
        }

        for (; j < width; j++)
        {
            T sum = TReducer.Combine(TReducer.Combine(accumulator[j], rows[j]), row1[j]);
            accumulator[j] = TReducer.Combine(TReducer.Combine(sum, row2[j]), row3[j]);
        }
    }

    /// <summary>
    /// All elements of a contiguous row, for one element or more: lanes of four vectors, then the vectors, then the
    /// lanes pairwise, and the elements that fill no vector last. A row too short for that is taken one by one, where
    /// the machine overlaps rows. The order follows from the count and the vector width.
    /// </summary>
    public static T Elements(T* row, long count)
    {
        int lanes = Vector<T>.Count;
        if (count < 4 * lanes)
            return Sequence(row[0], row + 1, count - 1);

        Vector<T> sum0 = Vector.Load(row);
        Vector<T> sum1 = Vector.Load(row + lanes);
        Vector<T> sum2 = Vector.Load(row + 2 * lanes);
        Vector<T> sum3 = Vector.Load(row + 3 * lanes);
        long j = 4 * lanes;
        for (; j + 4 * lanes <= count; j += 4 * lanes)
        {
            sum0 = TReducer.Combine(sum0, Vector.Load(row + j));
            sum1 = TReducer.Combine(sum1, Vector.Load(row + j + lanes));
            sum2 = TReducer.Combine(sum2, Vector.Load(row + j + 2 * lanes));
            sum3 = TReducer.Combine(sum3, Vector.Load(row + j + 3 * lanes));
        }

        sum0 = TReducer.Combine(TReducer.Combine(sum0, sum1), TReducer.Combine(sum2, sum3));
        for (; j + lanes <= count; j += lanes)
            sum0 = TReducer.Combine(sum0, Vector.Load(row + j));
        return Sequence(Lanes(sum0), row + j, count - j);
    }

    private static T Lanes(Vector<T> vector)
    {
        T* lanes = stackalloc T[Vector<T>.Count];
        Vector.Store(vector, lanes);
        for (int half = Vector<T>.Count / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
                lanes[i] = TReducer.Combine(lanes[i], lanes[i + half]);
        }

        return lanes[0];
    }

    private static T Sequence(T sum, T* elements, long count)
    {
        for (long i = 0; i < count; i++)
            sum = TReducer.Combine(sum, elements[i]);
        return sum;
    }
}
