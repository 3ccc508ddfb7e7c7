using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Functional.Kernels;

/// <summary>Copying rows of a table to one place, in any order.</summary>
public static class Rows
{
    // The processor foresees the lines of a row but not the next row's place, so it is told two rows before.
    private const int RowsAhead = 2;
    private const int MostBytesAhead = 4096;
    private const int LineBytes = 64;

    /// <summary>Copies the first <paramref name="count"/> rows that <paramref name="order"/> names, one behind the other.</summary>
    /// <param name="table">rows of <paramref name="size"/> numbers each.</param>
    /// <param name="size">numbers in a row.</param>
    /// <param name="order">places of rows in the table; those after the first <paramref name="count"/> are the ones to be copied next.</param>
    /// <param name="count">rows to copy.</param>
    /// <param name="destination">room for them.</param>
    /// <exception cref="ArgumentOutOfRangeException">a row outside of the table, or too little room.</exception>
    public static void Copy(ReadOnlySpan<float> table, int size, ReadOnlySpan<int> order, int count, Span<float> destination)
    {
        for (int i = 0; i < count; i++)
        {
            if (i + RowsAhead < order.Length)
                Announce(MemoryMarshal.AsBytes(table.Slice(order[i + RowsAhead] * size, size)));
            table.Slice(order[i] * size, size).CopyTo(destination.Slice(i * size, size));
        }
    }

    private static unsafe void Announce(ReadOnlySpan<byte> row)
    {
        if (!Sse.IsSupported)
            return;
        int length = Math.Min(row.Length, MostBytesAhead);
        for (int offset = 0; offset < length; offset += LineBytes)
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in row[offset])));
    }
}
