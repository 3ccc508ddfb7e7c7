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
