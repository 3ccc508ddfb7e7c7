using System.Runtime.CompilerServices;

namespace Functional.Kernels.Simd;

internal readonly struct Add : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V a, V b)
        where V : unmanaged, IVector<V> => a + b;
}

internal readonly struct Subtract : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V a, V b)
        where V : unmanaged, IVector<V> => a - b;
}

internal readonly struct Multiply : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V a, V b)
        where V : unmanaged, IVector<V> => a * b;
}

/// <summary>a / b; in integers the floor of the quotient, saturated (0 / 0 is 0).</summary>
internal readonly struct Divide : IBinary, IScalarBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V a, V b)
        where V : unmanaged, IVector<V> => V.IsFloat ? a / b : V.Map<Divide>(a, b);

    public static double Apply(double a, double b) => Math.Floor(a / b);
}

/// <summary>a − b⌊a/b⌋: the remainder with the sign of b.</summary>
internal readonly struct Modulo : IBinary, IScalarBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V a, V b)
        where V : unmanaged, IVector<V> => V.Map<Modulo>(a, b);

    public static double Apply(double a, double b) => Float64Functions.FloorModulo(a, b);
}

internal readonly struct Power : IBinary, IScalarBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V a, V b)
        where V : unmanaged, IVector<V> => V.Map<Power>(a, b);

    public static double Apply(double a, double b) => Math.Pow(a, b);
}

internal readonly struct Atan2 : IBinary, IScalarBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V a, V b)
        where V : unmanaged, IVector<V> => V.Map<Atan2>(a, b);

    public static double Apply(double a, double b) => Math.Atan2(a, b);
}

internal readonly struct Minimum : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V a, V b)
        where V : unmanaged, IVector<V> => V.Min(a, b);
}

internal readonly struct Maximum : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V a, V b)
        where V : unmanaged, IVector<V> => V.Max(a, b);
}

internal readonly struct Equal : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V a, V b)
        where V : unmanaged, IVector<V> => V.Equal(a, b) & V.Constant(1);
}

internal readonly struct NotEqual : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V a, V b)
        where V : unmanaged, IVector<V> => ~V.Equal(a, b) & V.Constant(1);
}

internal readonly struct Less : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V a, V b)
        where V : unmanaged, IVector<V> => V.Less(a, b) & V.Constant(1);
}

internal readonly struct LessOrEqual : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V a, V b)
        where V : unmanaged, IVector<V> => V.LessOrEqual(a, b) & V.Constant(1);
}

internal readonly struct Greater : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V a, V b)
        where V : unmanaged, IVector<V> => V.Less(b, a) & V.Constant(1);
}

internal readonly struct GreaterOrEqual : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V a, V b)
        where V : unmanaged, IVector<V> => V.LessOrEqual(b, a) & V.Constant(1);
}
