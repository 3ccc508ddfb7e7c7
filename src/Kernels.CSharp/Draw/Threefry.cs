using System.Runtime.CompilerServices;
using Functional.Kernels.Simd;

namespace Functional.Kernels.Draw;

/// <summary>
/// Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC11) in 32-bit lanes:
/// each lane is one block. The scalar definition, and what the counter words mean, is the core's module of the same name.
/// </summary>
/// <typeparam name="V">the vector; its lanes are taken as bits.</typeparam>
internal readonly struct Threefry<V>
    where V : unmanaged, IVector<V>
{
    private const int Parity = 0x1BD11BDA;

    private readonly V _key0;
    private readonly V _key1;
    private readonly V _key2;

    /// <summary>The cipher under a key of two words.</summary>
    public Threefry(int key0, int key1)
    {
        _key0 = V.Integer(key0);
        _key1 = V.Integer(key1);
        _key2 = V.Integer(Parity ^ key0 ^ key1);
    }

    /// <summary>Replaces each lane's counter words by the words of its block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Encrypt(ref V x0, ref V x1)
    {
        V a = V.AddInteger(x0, _key0);
        V b = V.AddInteger(x1, _key1);
        EvenRounds(ref a, ref b);
        Inject(ref a, ref b, _key1, _key2, 1);
        OddRounds(ref a, ref b);
        Inject(ref a, ref b, _key2, _key0, 2);
        EvenRounds(ref a, ref b);
        Inject(ref a, ref b, _key0, _key1, 3);
        OddRounds(ref a, ref b);
        Inject(ref a, ref b, _key1, _key2, 4);
        EvenRounds(ref a, ref b);
        Inject(ref a, ref b, _key2, _key0, 5);
        x0 = a;
        x1 = b;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EvenRounds(ref V a, ref V b)
    {
        a = V.AddInteger(a, b);
        b = V.RotateLeft(b, 13) ^ a;
        a = V.AddInteger(a, b);
        b = V.RotateLeft(b, 15) ^ a;
        a = V.AddInteger(a, b);
        b = V.RotateLeft(b, 26) ^ a;
        a = V.AddInteger(a, b);
        b = V.RotateLeft(b, 6) ^ a;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OddRounds(ref V a, ref V b)
    {
        a = V.AddInteger(a, b);
        b = V.RotateLeft(b, 17) ^ a;
        a = V.AddInteger(a, b);
        b = V.RotateLeft(b, 29) ^ a;
        a = V.AddInteger(a, b);
        b = V.RotateLeft(b, 16) ^ a;
        a = V.AddInteger(a, b);
        b = V.RotateLeft(b, 24) ^ a;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Inject(ref V a, ref V b, V keyA, V keyB, int injection)
    {
        a = V.AddInteger(a, keyA);
        b = V.AddInteger(b, V.AddInteger(keyB, V.Integer(injection)));
    }
}
