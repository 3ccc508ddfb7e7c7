using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels.Simd;

/// <summary>128 bits of lanes. Members say which instruction; what they mean stands at <see cref="IVector{V}"/>.</summary>
internal readonly unsafe struct V128<T> : IVector<V128<T>>
    where T : unmanaged, INumber<T>
{
    private readonly Vector128<T> _lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V128(Vector128<T> lanes) => _lanes = lanes;

    public static int Lanes => Vector128<T>.Count;
    public static bool IsFloat32 => typeof(T) == typeof(float);
    public static bool IsFloat => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> Constant(double value) =>
        typeof(T) == typeof(float) ? new(Vector128.Create((float)value).As<float, T>())
        : typeof(T) == typeof(double) ? new(Vector128.Create(value).As<double, T>())
        : new(Vector128.Create((int)value).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> operator +(V128<T> a, V128<T> b) => new(a._lanes + b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> operator -(V128<T> a, V128<T> b) => new(a._lanes - b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> operator *(V128<T> a, V128<T> b) => new(a._lanes * b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> operator /(V128<T> a, V128<T> b) => new(a._lanes / b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> operator -(V128<T> a) => new(-a._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> operator &(V128<T> a, V128<T> b) => new(a._lanes & b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> operator |(V128<T> a, V128<T> b) => new(a._lanes | b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> operator ^(V128<T> a, V128<T> b) => new(a._lanes ^ b._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> operator ~(V128<T> a) => new(~a._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> MultiplyAdd(V128<T> a, V128<T> b, V128<T> c) =>
        typeof(T) == typeof(float)
            ? new(Vector128.MultiplyAddEstimate(a._lanes.AsSingle(), b._lanes.AsSingle(), c._lanes.AsSingle()).As<float, T>())
        : typeof(T) == typeof(double)
            ? new(Vector128.MultiplyAddEstimate(a._lanes.AsDouble(), b._lanes.AsDouble(), c._lanes.AsDouble()).As<double, T>())
        : new(a._lanes * b._lanes + c._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> Abs(V128<T> a) => new(Vector128.Abs(a._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> Sqrt(V128<T> a) => new(Vector128.Sqrt(a._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> Floor(V128<T> a) =>
        typeof(T) == typeof(float) ? new(Vector128.Floor(a._lanes.AsSingle()).As<float, T>())
        : typeof(T) == typeof(double) ? new(Vector128.Floor(a._lanes.AsDouble()).As<double, T>())
        : a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> Ceiling(V128<T> a) =>
        typeof(T) == typeof(float) ? new(Vector128.Ceiling(a._lanes.AsSingle()).As<float, T>())
        : typeof(T) == typeof(double) ? new(Vector128.Ceiling(a._lanes.AsDouble()).As<double, T>())
        : a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> Round(V128<T> a) =>
        typeof(T) == typeof(float) ? new(Vector128.Round(a._lanes.AsSingle()).As<float, T>())
        : typeof(T) == typeof(double) ? new(Vector128.Round(a._lanes.AsDouble()).As<double, T>())
        : a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> Min(V128<T> a, V128<T> b) => new(Vector128.Min(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> Max(V128<T> a, V128<T> b) => new(Vector128.Max(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> Equal(V128<T> a, V128<T> b) => new(Vector128.Equals(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> Less(V128<T> a, V128<T> b) => new(Vector128.LessThan(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> LessOrEqual(V128<T> a, V128<T> b) => new(Vector128.LessThanOrEqual(a._lanes, b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> Select(V128<T> mask, V128<T> a, V128<T> b) => new(Vector128.ConditionalSelect(mask._lanes, a._lanes, b._lanes));

    public static V128<T> Indices => new(Vector128<T>.Indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> Even(V128<T> a, V128<T> b) => LowerHalves(EvenThenOdd(a._lanes), EvenThenOdd(b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> Odd(V128<T> a, V128<T> b) => UpperHalves(EvenThenOdd(a._lanes), EvenThenOdd(b._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> ZipLower(V128<T> even, V128<T> odd) => new(EvenThenOdd(LowerHalves(even._lanes, odd._lanes)._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> ZipUpper(V128<T> even, V128<T> odd) => new(EvenThenOdd(UpperHalves(even._lanes, odd._lanes)._lanes));

    /// <summary>Sorts lanes 0 1 2 3 to 0 2 1 3, and back; two lanes stay as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> EvenThenOdd(Vector128<T> lanes) =>
        sizeof(T) == 4 ? Vector128.Shuffle(lanes.AsUInt32(), Vector128.Create(0u, 2, 1, 3)).As<uint, T>() : lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V128<T> LowerHalves(Vector128<T> a, Vector128<T> b) =>
        new(Vector128.Create(a.AsDouble().GetElement(0), b.AsDouble().GetElement(0)).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V128<T> UpperHalves(Vector128<T> a, Vector128<T> b) =>
        new(Vector128.Create(a.AsDouble().GetElement(1), b.AsDouble().GetElement(1)).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(V128<T> mask) => mask._lanes.AsInt32() != Vector128<int>.Zero;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static V128<T> Map<F>(V128<T> a)
        where F : struct, IScalarUnary
    {
        var lanes = (T*)&a;
        for (int i = 0; i < Lanes; i++)
            lanes[i] = T.CreateSaturating(F.Apply(double.CreateSaturating(lanes[i])));
        return a;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static V128<T> Map<F>(V128<T> a, V128<T> b)
        where F : struct, IScalarBinary
    {
        T* left = (T*)&a,
            right = (T*)&b;
        for (int i = 0; i < Lanes; i++)
            left[i] = T.CreateSaturating(F.Apply(double.CreateSaturating(left[i]), double.CreateSaturating(right[i])));
        return a;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fold<F>(V128<T> a, byte* result)
        where F : struct, IBinary
    {
        a = F.Apply(a, new V128<T>(Vector128.Shuffle(a._lanes.AsInt64(), Vector128.Create(1L, 0)).As<long, T>()));
        if (sizeof(T) == 4)
            a = F.Apply(a, new V128<T>(Vector128.Shuffle(a._lanes.AsInt32(), Vector128.Create(1, 0, 3, 2)).As<int, T>()));
        *(T*)result = a._lanes.ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> Integer(int value) => new(Vector128.Create(value).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> AddInteger(V128<T> a, V128<T> b) => new((a._lanes.AsInt32() + b._lanes.AsInt32()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> SubtractInteger(V128<T> a, V128<T> b) => new((a._lanes.AsInt32() - b._lanes.AsInt32()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> ShiftLeft(V128<T> a, int bits) => new((a._lanes.AsInt32() << bits).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> ShiftRight(V128<T> a, int bits) => new((a._lanes.AsInt32() >> bits).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> ShiftRightLogical(V128<T> a, int bits) => new((a._lanes.AsInt32() >>> bits).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> RotateLeft(V128<T> a, [ConstantExpected] byte bits) =>
        Avx512F.VL.IsSupported
            ? new(Avx512F.VL.RotateLeft(a._lanes.AsUInt32(), bits).As<uint, T>())
            : new(((a._lanes.AsUInt32() << bits) | (a._lanes.AsUInt32() >>> (32 - bits))).As<uint, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> ToInteger(V128<T> a) => new(Vector128.ConvertToInt32Native(a._lanes.AsSingle()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> Truncate(V128<T> a) => new(Vector128.ConvertToInt32(a._lanes.AsSingle()).As<int, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> FromInteger(V128<T> a) => new(Vector128.ConvertToSingle(a._lanes.AsInt32()).As<float, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128<T> FromUnsigned(V128<T> a) => new(Vector128.ConvertToSingle(a._lanes.AsUInt32()).As<float, T>());
}
