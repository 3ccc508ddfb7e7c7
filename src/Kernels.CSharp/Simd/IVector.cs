using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Functional.Kernels.Simd;

/// <summary>
/// A register of equal lanes, at one of the three widths (<see cref="V512{T}"/>, <see cref="V256{T}"/>, <see cref="V128{T}"/>).
/// An elementwise function is written once over this interface; the compiler makes one loop of it for each width and lane type.
/// Every member but those that move lanes acts on each lane alone, so that an element's bits never depend on its lane or its neighbours.
/// Comparisons give masks: all bits set where true. A vector is read and written through a pointer to it, aligned or not.
/// </summary>
internal interface IVector<V> : IBitwiseOperators<V, V, V>
    where V : unmanaged, IVector<V>
{
    /// <summary>Number of lanes.</summary>
    static abstract int Lanes { get; }

    /// <summary>Whether the lanes are float32; a constant to the compiler.</summary>
    static abstract bool IsFloat32 { get; }

    /// <summary>Whether the lanes are floating-point numbers; a constant to the compiler.</summary>
    static abstract bool IsFloat { get; }

    /// <summary>0, 1, 2, ... as numbers of the lane type.</summary>
    static abstract V Indices { get; }

    /// <summary>The number, rounded to the lane type, in every lane.</summary>
    static abstract V Constant(double value);

    static abstract V operator +(V a, V b);

    static abstract V operator -(V a, V b);

    static abstract V operator *(V a, V b);

    static abstract V operator /(V a, V b);

    static abstract V operator -(V a);

    /// <summary>a·b + c, rounded once where the machine can.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    static abstract V Abs(V a);
    static abstract V Sqrt(V a);
    static abstract V Floor(V a);
    static abstract V Ceiling(V a);

    /// <summary>To the nearest integer, halves to the even one.</summary>
    static abstract V Round(V a);

    /// <summary>The smaller; NaN if either is NaN.</summary>
    static abstract V Min(V a, V b);

    /// <summary>The larger; NaN if either is NaN.</summary>
    static abstract V Max(V a, V b);

    static abstract V Equal(V a, V b);
    static abstract V Less(V a, V b);
    static abstract V LessOrEqual(V a, V b);

    /// <summary><paramref name="a"/> where the mask is set, <paramref name="b"/> elsewhere.</summary>
    static abstract V Select(V mask, V a, V b);

    /// <summary>The elements at even places of <paramref name="a"/> and <paramref name="b"/>, one after the other.</summary>
    static abstract V Even(V a, V b);

    /// <summary>The elements at odd places of <paramref name="a"/> and <paramref name="b"/>, one after the other.</summary>
    static abstract V Odd(V a, V b);

    /// <summary>The first half of the elements of both in turn: the first vector whose even and odd places they are.</summary>
    static abstract V ZipLower(V even, V odd);

    /// <summary>The second half of the elements of both in turn.</summary>
    static abstract V ZipUpper(V even, V odd);

    /// <summary>Whether any bit is set.</summary>
    static abstract bool Any(V mask);

    /// <summary>Applies a scalar function, computed in float64, to each lane. Results saturate in the lane type; NaN gives 0 in integers.</summary>
    static abstract V Map<F>(V a)
        where F : struct, IScalarUnary;

    /// <summary>Applies a scalar function of two arguments, computed in float64, to each pair of lanes.</summary>
    static abstract V Map<F>(V a, V b)
        where F : struct, IScalarBinary;

    /// <summary>Combines all lanes, halving their number until one is left, and writes it.</summary>
    static abstract unsafe void Fold<F>(V a, byte* result)
        where F : struct, IBinary;

    // Lanes of 32 bits as integers, for range reduction and for random bits.

    /// <summary>The integer in every 32-bit lane.</summary>
    static abstract V Integer(int value);

    static abstract V AddInteger(V a, V b);
    static abstract V SubtractInteger(V a, V b);
    static abstract V ShiftLeft(V a, int bits);

    /// <summary>Shifts the sign in.</summary>
    static abstract V ShiftRight(V a, int bits);

    /// <summary>Shifts zeros in.</summary>
    static abstract V ShiftRightLogical(V a, int bits);

    static abstract V RotateLeft(V a, [ConstantExpected] byte bits);

    /// <summary>Float32 lanes that hold small integers to int32 lanes.</summary>
    static abstract V ToInteger(V a);

    /// <summary>Float32 lanes to int32 lanes: towards zero, saturated, NaN to 0.</summary>
    static abstract V Truncate(V a);

    /// <summary>Int32 lanes to float32 lanes.</summary>
    static abstract V FromInteger(V a);

    /// <summary>Uint32 lanes to float32 lanes.</summary>
    static abstract V FromUnsigned(V a);
}

/// <summary>An elementwise function of one vector.</summary>
internal interface IUnary
{
    static abstract V Apply<V>(V x)
        where V : unmanaged, IVector<V>;
}

/// <summary>An elementwise function of two vectors.</summary>
internal interface IBinary
{
    static abstract V Apply<V>(V a, V b)
        where V : unmanaged, IVector<V>;
}

/// <summary>An elementwise function of three vectors.</summary>
internal interface ITernary
{
    static abstract V Apply<V>(V a, V b, V c)
        where V : unmanaged, IVector<V>;
}

/// <summary>A function of one number.</summary>
internal interface IScalarUnary
{
    static abstract double Apply(double x);
}

/// <summary>A function of two numbers.</summary>
internal interface IScalarBinary
{
    static abstract double Apply(double a, double b);
}
