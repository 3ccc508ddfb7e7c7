using System.Runtime.CompilerServices;
using Functional.Kernels.Simd;

namespace Functional.Kernels.Draw;

/// <summary>Makes the elements of a draw from the words of blocks, a chunk of <see cref="Period"/> elements at a time.</summary>
internal unsafe interface IDraw
{
    /// <summary>Elements of a chunk.</summary>
    static abstract int Period { get; }

    /// <summary>Bytes of an element.</summary>
    static abstract int ElementSize { get; }

    /// <summary>Writes chunk number <paramref name="chunk"/>.</summary>
    static abstract void Fill<V>(in Threefry<V> cipher, long chunk, byte* to)
        where V : unmanaged, IVector<V>;
}

/// <summary>Any range of a draw.</summary>
internal static unsafe class Draws
{
    /// <summary>Writes elements <paramref name="start"/> to <paramref name="start"/> + <paramref name="length"/> − 1; chunks cut off at either end are made whole elsewhere.</summary>
    public static void Write<D, V>(int key0, int key1, long start, int length, byte* to)
        where D : struct, IDraw
        where V : unmanaged, IVector<V>
    {
        var cipher = new Threefry<V>(key0, key1);
        byte* whole = stackalloc byte[128];
        long chunk = start / D.Period;
        int skip = (int)(start % D.Period);
        while (length > 0)
        {
            int count = Math.Min(D.Period - skip, length);
            bool cut = count < D.Period;
            D.Fill(cipher, chunk++, cut ? whole : to);
            if (cut)
                Unsafe.CopyBlockUnaligned(to, whole + skip * D.ElementSize, (uint)(count * D.ElementSize));
            to += count * D.ElementSize;
            length -= count;
            skip = 0;
        }
    }
}

/// <summary>Turns the two words of a block into two numbers.</summary>
internal interface IWordPair
{
    static abstract void Convert<V>(ref V word0, ref V word1)
        where V : unmanaged, IVector<V>;
}

/// <summary>Draws of 4-byte elements: 16 blocks give 32 elements, the first words the first half.</summary>
internal readonly unsafe struct Draw32<P> : IDraw
    where P : struct, IWordPair
{
    public static int Period => 32;
    public static int ElementSize => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fill<V>(in Threefry<V> cipher, long chunk, byte* to)
        where V : unmanaged, IVector<V>
    {
        for (int block = 0; block < 16; block += V.Lanes)
        {
            V word0 = V.AddInteger(V.Integer((int)(chunk * 16) + block), V.ToInteger(V.Indices));
            V word1 = default;
            cipher.Encrypt(ref word0, ref word1);
            *(V*)(to + 4 * block) = word0;
            *(V*)(to + 64 + 4 * block) = word1;
        }
        Convert<V>(to);
    }

    // Not inlined: cipher and conversion together exceed what the compiler inlines.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Convert<V>(byte* chunk)
        where V : unmanaged, IVector<V>
    {
        for (int block = 0; block < 16; block += V.Lanes)
            P.Convert(ref *(V*)(chunk + 4 * block), ref *(V*)(chunk + 64 + 4 * block));
    }
}

/// <summary>The words themselves.</summary>
internal readonly struct RawWords : IWordPair
{
    public static void Convert<V>(ref V word0, ref V word1)
        where V : unmanaged, IVector<V> { }
}

/// <summary>The top 24 bits of each word, as multiples of 2⁻²⁴.</summary>
internal readonly struct UniformWords : IWordPair
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Convert<V>(ref V word0, ref V word1)
        where V : unmanaged, IVector<V>
    {
        word0 = V.FromInteger(V.ShiftRightLogical(word0, 8)) * V.Constant(1.0 / (1 << 24));
        word1 = V.FromInteger(V.ShiftRightLogical(word1, 8)) * V.Constant(1.0 / (1 << 24));
    }
}

/// <summary>r cos θ and r sin θ with r = √(−2 ln((w₀ + ½)/2³²)) and θ = 2π(w₁ + ½)/2³².</summary>
internal readonly struct NormalWords : IWordPair
{
    // √½ · 2³²: above, the logarithm is taken of 1 − v with v exact, since float32 can not tell u from 1 there.
    private const int RootHalf = unchecked((int)0xB504F334);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Convert<V>(ref V word0, ref V word1)
        where V : unmanaged, IVector<V>
    {
        V radius = V.Sqrt(V.Constant(-2) * LogOfFraction(word0));

        // θ less the nearest quarter turn, exactly: the fraction of a quarter in the low 30 bits, taken as signed.
        V quadrant = V.ShiftRightLogical(V.AddInteger(word1, V.Integer(1 << 29)), 30);
        V fraction = V.FromInteger(V.ShiftRight(V.ShiftLeft(word1, 2), 2)) + V.Constant(0.5);
        V angle = fraction * V.Constant(2 * Math.PI / 4294967296.0);
        Float32Trigonometry.SinCos(angle, out V sin, out V cos);
        word0 = radius * Float32Trigonometry.Turn(V.AddInteger(quadrant, V.Integer(1)), sin, cos);
        word1 = radius * Float32Trigonometry.Turn(quadrant, sin, cos);
    }

    /// <summary>ln((w + ½) / 2³²).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogOfFraction<V>(V word)
        where V : unmanaged, IVector<V>
    {
        V scale = V.Constant(1 / 4294967296.0);
        V half = V.Constant(0.5);
        Float32Exponentials.Split((V.FromUnsigned(word) + half) * scale, out V exponent, out V f);
        V nearOne = V.Less(V.FromUnsigned(V.Integer(RootHalf)), V.FromUnsigned(word));
        V complement = (V.FromUnsigned(~word) + half) * -scale;
        return Float32Exponentials.SplitLog(V.Select(nearOne, default, exponent), V.Select(nearOne, complement, f));
    }
}

/// <summary>Turns the two words of a block into one float64 number.</summary>
internal interface IWide
{
    static abstract double Convert(uint word0, uint word1);
}

/// <summary>Draws of 8-byte elements: a block each.</summary>
internal readonly unsafe struct Draw64<W> : IDraw
    where W : struct, IWide
{
    public static int Period => 16;
    public static int ElementSize => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fill<V>(in Threefry<V> cipher, long chunk, byte* to)
        where V : unmanaged, IVector<V>
    {
        for (int block = 0; block < Period; block += V.Lanes)
        {
            V word0 = V.AddInteger(V.Integer((int)(chunk * Period) + block), V.ToInteger(V.Indices));
            V word1 = default;
            cipher.Encrypt(ref word0, ref word1);
            for (int lane = 0; lane < V.Lanes; lane++)
                ((double*)to)[block + lane] = W.Convert(((uint*)&word0)[lane], ((uint*)&word1)[lane]);
        }
    }
}

/// <summary>The top 53 of 64 bits, as multiples of 2⁻⁵³.</summary>
internal readonly struct UniformWide : IWide
{
    public static double Convert(uint word0, uint word1) => (((ulong)word1 << 21) ^ ((ulong)word0 >> 11)) * (1.0 / 9007199254740992.0);
}

/// <summary>r cos θ, as <see cref="NormalWords"/>.</summary>
internal readonly struct NormalWide : IWide
{
    public static double Convert(uint word0, uint word1) =>
        Math.Sqrt(-2 * Math.Log((word0 + 0.5) / 4294967296.0)) * Math.Cos(2 * Math.PI * (word1 + 0.5) / 4294967296.0);
}
