using System.Numerics;
using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>A left matrix times the planes of one block; planes and product lie in a worker's scratch memory.</summary>
/// <param name="planes">how the image is laid out.</param>
/// <param name="height">rows of the left matrix.</param>
/// <param name="depth">the longest sum.</param>
internal sealed unsafe class PlaneProduct<TLanes, T, V>(Planes planes, int height, int depth)
    where TLanes : ILanes<T, V>
    where T : unmanaged, INumber<T>
    where V : unmanaged
{
    private readonly int _planeBytes = RoundUp(checked(planes.Size(BlockProduct<TLanes, T, V>.Lanes) * sizeof(T)), 64);
    private readonly int _pitch = RoundUp(planes.Columns(planes.Rows, planes.Width.Positions), BlockProduct<TLanes, T, V>.Lanes);
    private readonly int _workBytes = RoundUp(BlockProduct<TLanes, T, V>.ScratchBytes(depth, 0), 64);

    public Planes Planes => planes;

    /// <summary>Bytes for planes, product and packing; a multiple of 64.</summary>
    public int ScratchBytes => checked(_planeBytes + RoundUp(height * _pitch * sizeof(T), 64) + _workBytes);

    /// <summary>Copies the part of an image that a block reads.</summary>
    public void Fill(T* image, int first, byte* scratch) => planes.Fill(image, first, (T*)scratch, BlockProduct<TLanes, T, V>.Lanes);

    /// <summary>Multiplies for <paramref name="rows"/> rows of <paramref name="positions"/> positions.</summary>
    public void Run<TLeft>(TLeft left, nint* offsets, int length, int rows, int positions, byte* scratch)
        where TLeft : struct, ILeft<T>
    {
        // Whole vectors throughout: the planes have room for the last one, and what it adds is dropped.
        int columns = RoundUp(planes.Columns(rows, positions), BlockProduct<TLanes, T, V>.Lanes);
        var output = new MatrixOutput<T>(Result(scratch), _pitch, _pitch);
        var right = new PlaneColumns<T>((T*)scratch, offsets);
        for (int column = 0; column < columns; column += BlockProduct<TLanes, T, V>.MaxColumns)
        {
            var block = new Block(0, height, column, Math.Min(BlockProduct<TLanes, T, V>.MaxColumns, columns - column));
            BlockProduct<TLanes, T, V>.Run(left, right, output, block, length, false, (T*)(scratch + ScratchBytes - _workBytes));
        }
    }

    /// <summary>Copies one row of the product to where it belongs, without the gaps.</summary>
    /// <param name="to">the first position.</param>
    /// <param name="rowStep">elements from one row of positions to the next.</param>
    /// <param name="step">elements from one position to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyOut(byte* scratch, int channel, int rows, int positions, T* to, nint rowStep, int step)
    {
        T* from = Result(scratch) + channel * _pitch;
        int pitch = planes.Pitch;
        for (int row = 0; row < rows; row++)
        {
            if (step == 1)
                Line.Copy(from, to, positions);
            else
                Line.Copy(from, 1, to, step, positions);
            from += pitch;
            to += rowStep;
        }
    }

    private static int RoundUp(int value, int unit) => checked(value + unit - 1) / unit * unit;

    private T* Result(byte* scratch) => (T*)(scratch + _planeBytes);
}
