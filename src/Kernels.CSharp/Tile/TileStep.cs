using System.Numerics;
using Functional.Kernels.Draw;
using Functional.Kernels.Simd;

namespace Functional.Kernels.Tile;

/// <summary>Work on one tile. Operands are entries of a table of addresses, which the frame of the run keeps.</summary>
internal abstract unsafe class TileStep
{
    /// <summary>Works on elements <paramref name="start"/> to <paramref name="start"/> + <paramref name="length"/> − 1 of the space.</summary>
    public abstract void Run(byte** at, long start, int length);
}

/// <summary>A value that steps read.</summary>
/// <param name="Entry">in the table of addresses.</param>
/// <param name="Uniform">whether it is one line that holds a scalar in every lane.</param>
internal readonly record struct TileValue(int Entry, bool Uniform);

/// <summary>A function of one operand.</summary>
internal sealed unsafe class UnaryStep<F, V>(int to, TileValue a) : TileStep
    where F : struct, IUnary
    where V : unmanaged, IVector<V>
{
    private readonly nint _strideA = a.Uniform ? 0 : sizeof(V);

    public override void Run(byte** at, long start, int length) => Loops.Unary<F, V>(at[to], at[a.Entry], _strideA, length);
}

/// <summary>A function of two operands.</summary>
internal sealed unsafe class BinaryStep<F, V>(int to, TileValue a, TileValue b) : TileStep
    where F : struct, IBinary
    where V : unmanaged, IVector<V>
{
    private readonly nint _strideA = a.Uniform ? 0 : sizeof(V);
    private readonly nint _strideB = b.Uniform ? 0 : sizeof(V);

    public override void Run(byte** at, long start, int length) =>
        Loops.Binary<F, V>(at[to], at[a.Entry], _strideA, at[b.Entry], _strideB, length);
}

/// <summary>A function of three operands.</summary>
internal sealed unsafe class TernaryStep<F, V>(int to, TileValue a, TileValue b, TileValue c) : TileStep
    where F : struct, ITernary
    where V : unmanaged, IVector<V>
{
    private readonly nint _strideA = a.Uniform ? 0 : sizeof(V);
    private readonly nint _strideB = b.Uniform ? 0 : sizeof(V);
    private readonly nint _strideC = c.Uniform ? 0 : sizeof(V);

    public override void Run(byte** at, long start, int length) =>
        Loops.Ternary<F, V>(at[to], at[a.Entry], _strideA, at[b.Entry], _strideB, at[c.Entry], _strideC, length);
}

/// <summary>A change of type from or to float64: to integers towards zero, saturated, NaN to 0.</summary>
internal sealed unsafe class CastStep<TFrom, TTo>(int to, TileValue a) : TileStep
    where TFrom : unmanaged, INumber<TFrom>
    where TTo : unmanaged, INumber<TTo>
{
    private readonly int _strideA = a.Uniform ? 0 : 1;

    public override void Run(byte** at, long start, int length)
    {
        var from = (TFrom*)at[a.Entry];
        var result = (TTo*)at[to];
        for (int i = 0; i < length; i++)
            result[i] = TTo.CreateSaturating(from[i * _strideA]);
    }
}

/// <summary>Elements of a draw; the key's words are read at run time.</summary>
internal sealed unsafe class DrawStep<D, V>(int to, int key) : TileStep
    where D : struct, IDraw
    where V : unmanaged, IVector<V>
{
    public override void Run(byte** at, long start, int length)
    {
        var words = (int*)at[key];
        Draws.Write<D, V>(words[0], words[1], start, length, at[to]);
    }
}
