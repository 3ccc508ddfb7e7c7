using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels.Simd;

/// <summary>256 bits of lanes. Members say which instruction; what they mean stands at <see cref="IVector{V}"/>.</summary>
internal readonly unsafe struct V256<T> : IVector<V256<T>>
    where T : unmanaged, INumber<T>
{
    private readonly Vector256<T> _lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V256(Vector256<T> lanes) => _lanes = lanes;

    public static int Lanes => Vector256<T>.Count;
    public static bool IsFloat32 => typeof(T) == typeof(float);
    public static bool IsFloat => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> Constant(double value) =>
        typeof(T) == typeof(float) ? new(Vector256.Create((float)value).As<float, T>())
        : typeof(T) == typeof(double) ? new(Vector256.Create(value).As<double, T>())
        : new(Vector256.Create((int)value).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> operator +(V256<T> a, V256<T> b) => new(a._lanes + b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> operator -(V256<T> a, V256<T> b) => new(a._lanes - b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> operator *(V256<T> a, V256<T> b) => new(a._lanes * b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> operator /(V256<T> a, V256<T> b) => new(a._lanes / b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> operator -(V256<T> a) => new(-a._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> operator &(V256<T> a, V256<T> b) => new(a._lanes & b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> operator |(V256<T> a, V256<T> b) => new(a._lanes | b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> operator ^(V256<T> a, V256<T> b) => new(a._lanes ^ b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> operator ~(V256<T> a) => new(~a._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> MultiplyAdd(V256<T> a, V256<T> b, V256<T> c) =>
        typeof(T) == typeof(float)
            ? new(Vector256.MultiplyAddEstimate(a._lanes.AsSingle(), b._lanes.AsSingle(), c._lanes.AsSingle()).As<float, T>())
        : typeof(T) == typeof(double)
            ? new(Vector256.MultiplyAddEstimate(a._lanes.AsDouble(), b._lanes.AsDouble(), c._lanes.AsDouble()).As<double, T>())
        : new(a._lanes * b._lanes + c._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> Abs(V256<T> a) => new(Vector256.Abs(a._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> Sqrt(V256<T> a) => new(Vector256.Sqrt(a._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> Floor(V256<T> a) =>
        typeof(T) == typeof(float) ? new(Vector256.Floor(a._lanes.AsSingle()).As<float, T>())
        : typeof(T) == typeof(double) ? new(Vector256.Floor(a._lanes.AsDouble()).As<double, T>())
        : a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> Ceiling(V256<T> a) =>
        typeof(T) == typeof(float) ? new(Vector256.Ceiling(a._lanes.AsSingle()).As<float, T>())
        : typeof(T) == typeof(double) ? new(Vector256.Ceiling(a._lanes.AsDouble()).As<double, T>())
        : a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> Round(V256<T> a) =>
        typeof(T) == typeof(float) ? new(Vector256.Round(a._lanes.AsSingle()).As<float, T>())
        : typeof(T) == typeof(double) ? new(Vector256.Round(a._lanes.AsDouble()).As<double, T>())
        : a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> Min(V256<T> a, V256<T> b) => new(Vector256.Min(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> Max(V256<T> a, V256<T> b) => new(Vector256.Max(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> Equal(V256<T> a, V256<T> b) => new(Vector256.Equals(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> Less(V256<T> a, V256<T> b) => new(Vector256.LessThan(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> LessOrEqual(V256<T> a, V256<T> b) => new(Vector256.LessThanOrEqual(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> Select(V256<T> mask, V256<T> a, V256<T> b) => new(Vector256.ConditionalSelect(mask._lanes, a._lanes, b._lanes));

    public static V256<T> Indices => new(Vector256<T>.Indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> Even(V256<T> a, V256<T> b) =>
        sizeof(T) == 4
            ? Quarters(Avx.Shuffle(a._lanes.AsSingle(), b._lanes.AsSingle(), 0b10_00_10_00).AsDouble())
            : Quarters(Avx.UnpackLow(a._lanes.AsDouble(), b._lanes.AsDouble()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> Odd(V256<T> a, V256<T> b) =>
        sizeof(T) == 4
            ? Quarters(Avx.Shuffle(a._lanes.AsSingle(), b._lanes.AsSingle(), 0b11_01_11_01).AsDouble())
            : Quarters(Avx.UnpackHigh(a._lanes.AsDouble(), b._lanes.AsDouble()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> ZipLower(V256<T> even, V256<T> odd) =>
        new(Avx.Permute2x128(UnpackLow(even, odd), UnpackHigh(even, odd), 0x20).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> ZipUpper(V256<T> even, V256<T> odd) =>
        new(Avx.Permute2x128(UnpackLow(even, odd), UnpackHigh(even, odd), 0x31).As<float, T>());

    /// <summary>The middle two quarters change places. 256 bits are used where AVX2 is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V256<T> Quarters(Vector256<double> lanes) => new(Avx2.Permute4x64(lanes, 0b11_01_10_00).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> UnpackLow(V256<T> a, V256<T> b) =>
        sizeof(T) == 4
            ? Avx.UnpackLow(a._lanes.AsSingle(), b._lanes.AsSingle())
            : Avx.UnpackLow(a._lanes.AsDouble(), b._lanes.AsDouble()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> UnpackHigh(V256<T> a, V256<T> b) =>
        sizeof(T) == 4
            ? Avx.UnpackHigh(a._lanes.AsSingle(), b._lanes.AsSingle())
            : Avx.UnpackHigh(a._lanes.AsDouble(), b._lanes.AsDouble()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(V256<T> mask) => mask._lanes.AsInt32() != Vector256<int>.Zero;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static V256<T> Map<F>(V256<T> a)
        where F : struct, IScalarUnary
    {
        var lanes = (T*)&a;
        for (int i = 0; i < Lanes; i++)
            lanes[i] = T.CreateSaturating(F.Apply(double.CreateSaturating(lanes[i])));
        return a;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static V256<T> Map<F>(V256<T> a, V256<T> b)
        where F : struct, IScalarBinary
    {
        T* left = (T*)&a,
            right = (T*)&b;
        for (int i = 0; i < Lanes; i++)
            left[i] = T.CreateSaturating(F.Apply(double.CreateSaturating(left[i]), double.CreateSaturating(right[i])));
        return a;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fold<F>(V256<T> a, byte* result)
        where F : struct, IBinary => V128<T>.Fold<F>(F.Apply(new V128<T>(a._lanes.GetLower()), new V128<T>(a._lanes.GetUpper())), result);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> Integer(int value) => new(Vector256.Create(value).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> AddInteger(V256<T> a, V256<T> b) => new((a._lanes.AsInt32() + b._lanes.AsInt32()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> SubtractInteger(V256<T> a, V256<T> b) => new((a._lanes.AsInt32() - b._lanes.AsInt32()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> ShiftLeft(V256<T> a, int bits) => new((a._lanes.AsInt32() << bits).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> ShiftRight(V256<T> a, int bits) => new((a._lanes.AsInt32() >> bits).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> ShiftRightLogical(V256<T> a, int bits) => new((a._lanes.AsInt32() >>> bits).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> RotateLeft(V256<T> a, [ConstantExpected] byte bits) =>
        Avx512F.VL.IsSupported
            ? new(Avx512F.VL.RotateLeft(a._lanes.AsUInt32(), bits).As<uint, T>())
            : new(((a._lanes.AsUInt32() << bits) | (a._lanes.AsUInt32() >>> (32 - bits))).As<uint, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> ToInteger(V256<T> a) => new(Vector256.ConvertToInt32Native(a._lanes.AsSingle()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> Truncate(V256<T> a) => new(Vector256.ConvertToInt32(a._lanes.AsSingle()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> FromInteger(V256<T> a) => new(Vector256.ConvertToSingle(a._lanes.AsInt32()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256<T> FromUnsigned(V256<T> a) => new(Vector256.ConvertToSingle(a._lanes.AsUInt32()).As<float, T>());
}
