using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>Where in the planes each element of a sum lies, at an address that stays.</summary>
internal sealed unsafe class OffsetTable
{
    private readonly nint[] _offsets;

    public OffsetTable(IEnumerable<int> offsets)
    {
        int[] values = [.. offsets];
        _offsets = GC.AllocateArray<nint>(Math.Max(1, values.Length), pinned: true);
        for (int i = 0; i < values.Length; i++)
            _offsets[i] = values[i];
        Length = values.Length;
    }

    public int Length { get; }

    /// <summary>The offsets, in order.</summary>
    public IEnumerable<int> Values => _offsets.Take(Length).Select(offset => (int)offset);

    /// <summary>Valid as long as this object is reachable.</summary>
    public nint* Address => (nint*)Unsafe.AsPointer(ref _offsets[0]);
}

/// <summary>Planes as the right operand: columns are positions, k counts channels and taps. Nothing is packed.</summary>
internal readonly unsafe struct PlaneColumns<T>(T* planes, nint* offsets) : IRight<T>
    where T : unmanaged
{
    public Panel<T> Read(int column, int columns, int width, int k, int depth, T* buffer) =>
        new() { Start = planes + column, Offsets = offsets + k };
}

/// <summary>Planes as the left operand: rows are channels and taps, k counts positions.</summary>
internal readonly unsafe struct PlaneRows<TLanes, T, V>(T* planes, nint* offsets) : ILeft<T>
    where TLanes : ILanes<T, V>
    where T : unmanaged
    where V : unmanaged
{
    public Panel<T> Read(int row, int rows, int k, int depth, T* buffer)
    {
        for (int r = 0; r < rows; r += 4)
        {
            nint* quad = offsets + row + r;
            int last = Math.Min(3, rows - r - 1);
            Packing<TLanes, T, V>.Quad(
                planes + quad[0] + k,
                planes + quad[Math.Min(1, last)] + k,
                planes + quad[Math.Min(2, last)] + k,
                planes + quad[last] + k,
                depth,
                buffer + r * depth,
                4
            );
        }

        return Panel<T>.OfQuads(buffer, depth);
    }
}
