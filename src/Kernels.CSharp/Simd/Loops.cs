using System.Runtime.CompilerServices;

namespace Functional.Kernels.Simd;

/// <summary>
/// Elementwise loops over memory. An operand advances by its stride in bytes: the size of a vector, or 0 for one vector that holds a
/// scalar in every lane. The last, partial vector goes through the same vector code as all others, so no element's bits depend on it.
/// </summary>
internal static unsafe class Loops
{
    public static void Unary<F, V>(byte* to, byte* a, nint strideA, int length)
        where F : struct, IUnary
        where V : unmanaged, IVector<V>
    {
        for (; length >= V.Lanes; length -= V.Lanes)
        {
            *(V*)to = F.Apply(*(V*)a);
            to += sizeof(V);
            a += strideA;
        }
        if (length > 0)
            WritePart(to, F.Apply(ReadPart(a, default(V), length)), length);
    }

    public static void Binary<F, V>(byte* to, byte* a, nint strideA, byte* b, nint strideB, int length)
        where F : struct, IBinary
        where V : unmanaged, IVector<V>
    {
        for (; length >= V.Lanes; length -= V.Lanes)
        {
            *(V*)to = F.Apply(*(V*)a, *(V*)b);
            to += sizeof(V);
            a += strideA;
            b += strideB;
        }
        if (length > 0)
            WritePart(to, F.Apply(ReadPart(a, default(V), length), ReadPart(b, default(V), length)), length);
    }

    public static void Ternary<F, V>(byte* to, byte* a, nint strideA, byte* b, nint strideB, byte* c, nint strideC, int length)
        where F : struct, ITernary
        where V : unmanaged, IVector<V>
    {
        for (; length >= V.Lanes; length -= V.Lanes)
        {
            *(V*)to = F.Apply(*(V*)a, *(V*)b, *(V*)c);
            to += sizeof(V);
            a += strideA;
            b += strideB;
            c += strideC;
        }
        if (length > 0)
        {
            V part = F.Apply(ReadPart(a, default(V), length), ReadPart(b, default(V), length), ReadPart(c, default(V), length));
            WritePart(to, part, length);
        }
    }

    /// <summary>
    /// Combines all elements: four interleaved sums of vectors, then a tree of their lanes. The order depends on the length alone.
    /// </summary>
    public static void Fold<F, V>(byte* result, byte* a, V identity, int length)
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
            sum1 = F.Apply(sum1, ReadPart(a, identity, length));
        V.Fold<F>(F.Apply(F.Apply(sum0, sum1), F.Apply(sum2, sum3)), result);
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
