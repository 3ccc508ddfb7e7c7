using System.Runtime.CompilerServices;

namespace Functional.Kernels.Simd;

/// <summary>
/// Elementwise loops over memory. An operand advances by its stride in bytes: the size of a vector, or 0 for one vector that holds a
/// scalar in every lane. The last, partial vector is padded and goes through the same code as all others, so no element's bits depend
/// on where it lies.
/// </summary>
internal static unsafe class Loops
{
    public static void Unary<F, V>(byte* to, byte* a, nint strideA, int length)
        where F : struct, IUnary
        where V : unmanaged, IVector<V>
    {
        int whole = length / V.Lanes;
        int rest = length % V.Lanes;
        WholeUnary<F, V>(to, a, strideA, whole);
        if (rest == 0)
            return;
        V partA = ReadPart<V>(a + whole * strideA, default, rest);
        V part;
        WholeUnary<F, V>((byte*)&part, (byte*)&partA, 0, 1);
        WritePart(to + whole * sizeof(V), part, rest);
    }

    public static void Binary<F, V>(byte* to, byte* a, nint strideA, byte* b, nint strideB, int length)
        where F : struct, IBinary
        where V : unmanaged, IVector<V>
    {
        int whole = length / V.Lanes;
        int rest = length % V.Lanes;
        WholeBinary<F, V>(to, a, strideA, b, strideB, whole);
        if (rest == 0)
            return;
        V partA = ReadPart<V>(a + whole * strideA, default, rest);
        V partB = ReadPart<V>(b + whole * strideB, default, rest);
        V part;
        WholeBinary<F, V>((byte*)&part, (byte*)&partA, 0, (byte*)&partB, 0, 1);
        WritePart(to + whole * sizeof(V), part, rest);
    }

    public static void Ternary<F, V>(byte* to, byte* a, nint strideA, byte* b, nint strideB, byte* c, nint strideC, int length)
        where F : struct, ITernary
        where V : unmanaged, IVector<V>
    {
        int whole = length / V.Lanes;
        int rest = length % V.Lanes;
        WholeTernary<F, V>(to, a, strideA, b, strideB, c, strideC, whole);
        if (rest == 0)
            return;
        V partA = ReadPart<V>(a + whole * strideA, default, rest);
        V partB = ReadPart<V>(b + whole * strideB, default, rest);
        V partC = ReadPart<V>(c + whole * strideC, default, rest);
        V part;
        WholeTernary<F, V>((byte*)&part, (byte*)&partA, 0, (byte*)&partB, 0, (byte*)&partC, 0, 1);
        WritePart(to + whole * sizeof(V), part, rest);
    }

    /// <summary>
    /// Combines the elements of each row into one: four interleaved sums of vectors, then a tree of their lanes. The order depends on the
    /// row's length alone.
    /// </summary>
    public static void FoldRows<F, V>(byte* results, byte* elements, V identity, int rowLength, int rows)
        where F : struct, IBinary
        where V : unmanaged, IVector<V>
    {
        int size = sizeof(V) / V.Lanes;
        byte* end = elements + (nint)rows * rowLength * size;
        for (; rows > 0; rows--)
        {
            V sum = Fold<F, V>(elements, end, identity, rowLength);
            V.Fold<F>(sum, results);
            results += size;
            elements += rowLength * size;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Fold<F, V>(byte* a, byte* end, V identity, int length)
        where F : struct, IBinary
        where V : unmanaged, IVector<V>
    {
        V sum0 = identity,
            sum1 = identity,
            sum2 = identity,
            sum3 = identity;
        for (; length >= 4 * V.Lanes; length -= 4 * V.Lanes)
        {
            sum0 = F.Apply(sum0, ((V*)a)[0]);
            sum1 = F.Apply(sum1, ((V*)a)[1]);
            sum2 = F.Apply(sum2, ((V*)a)[2]);
            sum3 = F.Apply(sum3, ((V*)a)[3]);
            a += 4 * sizeof(V);
        }
        for (; length >= V.Lanes; length -= V.Lanes)
        {
            sum0 = F.Apply(sum0, *(V*)a);
            a += sizeof(V);
        }
        if (length > 0)
        {
            // Rows are short more often than not: read on into the next row where there is one.
            bool room = a + sizeof(V) <= end;
            V part = room ? V.Select(V.Less(V.Indices, V.Constant(length)), *(V*)a, identity) : ReadPart(a, identity, length);
            sum1 = F.Apply(sum1, part);
        }
        return F.Apply(F.Apply(sum0, sum1), F.Apply(sum2, sum3));
    }

    // The function is inlined once, here, and not at the partial vector too: two copies of a long one exceed what the compiler inlines.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WholeUnary<F, V>(byte* to, byte* a, nint strideA, int vectors)
        where F : struct, IUnary
        where V : unmanaged, IVector<V>
    {
        for (; vectors > 0; vectors--)
        {
            *(V*)to = F.Apply(*(V*)a);
            to += sizeof(V);
            a += strideA;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WholeBinary<F, V>(byte* to, byte* a, nint strideA, byte* b, nint strideB, int vectors)
        where F : struct, IBinary
        where V : unmanaged, IVector<V>
    {
        for (; vectors > 0; vectors--)
        {
            *(V*)to = F.Apply(*(V*)a, *(V*)b);
            to += sizeof(V);
            a += strideA;
            b += strideB;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WholeTernary<F, V>(byte* to, byte* a, nint strideA, byte* b, nint strideB, byte* c, nint strideC, int vectors)
        where F : struct, ITernary
        where V : unmanaged, IVector<V>
    {
        for (; vectors > 0; vectors--)
        {
            *(V*)to = F.Apply(*(V*)a, *(V*)b, *(V*)c);
            to += sizeof(V);
            a += strideA;
            b += strideB;
            c += strideC;
        }
    }

    /// <summary>The first lanes from memory, the others from <paramref name="rest"/>.</summary>
    private static V ReadPart<V>(byte* from, V rest, int lanes)
        where V : unmanaged, IVector<V>
    {
        Unsafe.CopyBlockUnaligned(&rest, from, (uint)(lanes * (sizeof(V) / V.Lanes)));
        return rest;
    }

    private static void WritePart<V>(byte* to, V vector, int lanes)
        where V : unmanaged, IVector<V> => Unsafe.CopyBlockUnaligned(to, &vector, (uint)(lanes * (sizeof(V) / V.Lanes)));
}
