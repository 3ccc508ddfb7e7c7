using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels.Simd;

/// <summary>512 bits of lanes. Members say which instruction; what they mean stands at <see cref="IVector{V}"/>.</summary>
internal readonly unsafe struct V512<T> : IVector<V512<T>>
    where T : unmanaged, INumber<T>
{
    private readonly Vector512<T> _lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V512(Vector512<T> lanes) => _lanes = lanes;

    public static int Lanes => Vector512<T>.Count;
    public static bool IsFloat32 => typeof(T) == typeof(float);
    public static bool IsFloat => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> Constant(double value) =>
        typeof(T) == typeof(float) ? new(Vector512.Create((float)value).As<float, T>())
        : typeof(T) == typeof(double) ? new(Vector512.Create(value).As<double, T>())
        : new(Vector512.Create((int)value).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> operator +(V512<T> a, V512<T> b) => new(a._lanes + b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> operator -(V512<T> a, V512<T> b) => new(a._lanes - b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> operator *(V512<T> a, V512<T> b) => new(a._lanes * b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> operator /(V512<T> a, V512<T> b) => new(a._lanes / b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> operator -(V512<T> a) => new(-a._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> operator &(V512<T> a, V512<T> b) => new(a._lanes & b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> operator |(V512<T> a, V512<T> b) => new(a._lanes | b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> operator ^(V512<T> a, V512<T> b) => new(a._lanes ^ b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> operator ~(V512<T> a) => new(~a._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> MultiplyAdd(V512<T> a, V512<T> b, V512<T> c) =>
        typeof(T) == typeof(float)
            ? new(Vector512.MultiplyAddEstimate(a._lanes.AsSingle(), b._lanes.AsSingle(), c._lanes.AsSingle()).As<float, T>())
        : typeof(T) == typeof(double)
            ? new(Vector512.MultiplyAddEstimate(a._lanes.AsDouble(), b._lanes.AsDouble(), c._lanes.AsDouble()).As<double, T>())
        : new(a._lanes * b._lanes + c._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> Abs(V512<T> a) => new(Vector512.Abs(a._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> Sqrt(V512<T> a) => new(Vector512.Sqrt(a._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> Floor(V512<T> a) =>
        typeof(T) == typeof(float) ? new(Vector512.Floor(a._lanes.AsSingle()).As<float, T>())
        : typeof(T) == typeof(double) ? new(Vector512.Floor(a._lanes.AsDouble()).As<double, T>())
        : a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> Ceiling(V512<T> a) =>
        typeof(T) == typeof(float) ? new(Vector512.Ceiling(a._lanes.AsSingle()).As<float, T>())
        : typeof(T) == typeof(double) ? new(Vector512.Ceiling(a._lanes.AsDouble()).As<double, T>())
        : a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> Round(V512<T> a) =>
        typeof(T) == typeof(float) ? new(Vector512.Round(a._lanes.AsSingle()).As<float, T>())
        : typeof(T) == typeof(double) ? new(Vector512.Round(a._lanes.AsDouble()).As<double, T>())
        : a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> Min(V512<T> a, V512<T> b) => new(Vector512.Min(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> Max(V512<T> a, V512<T> b) => new(Vector512.Max(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> Equal(V512<T> a, V512<T> b) => new(Vector512.Equals(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> Less(V512<T> a, V512<T> b) => new(Vector512.LessThan(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> LessOrEqual(V512<T> a, V512<T> b) => new(Vector512.LessThanOrEqual(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> Select(V512<T> mask, V512<T> a, V512<T> b) => new(Vector512.ConditionalSelect(mask._lanes, a._lanes, b._lanes));

    public static V512<T> Indices => new(Vector512<T>.Indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> Even(V512<T> a, V512<T> b) =>
        Pick(
            a,
            b,
            Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30),
            Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14L)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> Odd(V512<T> a, V512<T> b) =>
        Pick(
            a,
            b,
            Vector512.Create(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31),
            Vector512.Create(1, 3, 5, 7, 9, 11, 13, 15L)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> ZipLower(V512<T> even, V512<T> odd) =>
        Pick(
            even,
            odd,
            Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23),
            Vector512.Create(0, 8, 1, 9, 2, 10, 3, 11L)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> ZipUpper(V512<T> even, V512<T> odd) =>
        Pick(
            even,
            odd,
            Vector512.Create(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31),
            Vector512.Create(4, 12, 5, 13, 6, 14, 7, 15L)
        );

    /// <summary>The elements of both at the places given, for elements of 4 bytes and of 8. 512 bits are used where AVX-512 is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V512<T> Pick(V512<T> a, V512<T> b, Vector512<int> four, Vector512<long> eight) =>
        sizeof(T) == 4
            ? new(Avx512F.PermuteVar16x32x2(a._lanes.AsInt32(), four, b._lanes.AsInt32()).As<int, T>())
            : new(Avx512F.PermuteVar8x64x2(a._lanes.AsInt64(), eight, b._lanes.AsInt64()).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(V512<T> mask) => mask._lanes.AsInt32() != Vector512<int>.Zero;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static V512<T> Map<F>(V512<T> a)
        where F : struct, IScalarUnary
    {
        var lanes = (T*)&a;
        for (int i = 0; i < Lanes; i++)
            lanes[i] = T.CreateSaturating(F.Apply(double.CreateSaturating(lanes[i])));
        return a;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static V512<T> Map<F>(V512<T> a, V512<T> b)
        where F : struct, IScalarBinary
    {
        T* left = (T*)&a,
            right = (T*)&b;
        for (int i = 0; i < Lanes; i++)
            left[i] = T.CreateSaturating(F.Apply(double.CreateSaturating(left[i]), double.CreateSaturating(right[i])));
        return a;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fold<F>(V512<T> a, byte* result)
        where F : struct, IBinary => V256<T>.Fold<F>(F.Apply(new V256<T>(a._lanes.GetLower()), new V256<T>(a._lanes.GetUpper())), result);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> Integer(int value) => new(Vector512.Create(value).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> AddInteger(V512<T> a, V512<T> b) => new((a._lanes.AsInt32() + b._lanes.AsInt32()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> SubtractInteger(V512<T> a, V512<T> b) => new((a._lanes.AsInt32() - b._lanes.AsInt32()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> ShiftLeft(V512<T> a, int bits) => new((a._lanes.AsInt32() << bits).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> ShiftRight(V512<T> a, int bits) => new((a._lanes.AsInt32() >> bits).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> ShiftRightLogical(V512<T> a, int bits) => new((a._lanes.AsInt32() >>> bits).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> RotateLeft(V512<T> a, [ConstantExpected] byte bits) =>
        Avx512F.IsSupported
            ? new(Avx512F.RotateLeft(a._lanes.AsUInt32(), bits).As<uint, T>())
            : new(((a._lanes.AsUInt32() << bits) | (a._lanes.AsUInt32() >>> (32 - bits))).As<uint, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> ToInteger(V512<T> a) => new(Vector512.ConvertToInt32Native(a._lanes.AsSingle()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> Truncate(V512<T> a) => new(Vector512.ConvertToInt32(a._lanes.AsSingle()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> FromInteger(V512<T> a) => new(Vector512.ConvertToSingle(a._lanes.AsInt32()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512<T> FromUnsigned(V512<T> a) => new(Vector512.ConvertToSingle(a._lanes.AsUInt32()).As<float, T>());
}
