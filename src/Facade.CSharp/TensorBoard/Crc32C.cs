using System.Buffers.Binary;
using System.Numerics;

namespace Functional.TensorBoard;

/// <summary>The check word of records: Castagnoli's polynomial 1EDC6F41 (RFC 3720), turned and moved so that it can stand in its own data.</summary>
internal static class Crc32C
{
    /// <summary>The cyclic redundancy check of bytes.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        uint check = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            check = BitOperations.Crc32C(check, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte one in bytes)
            check = BitOperations.Crc32C(check, one);
        return ~check;
    }

    /// <summary>The check as records hold it.</summary>
    public static uint Masked(ReadOnlySpan<byte> bytes) => unchecked(BitOperations.RotateRight(Compute(bytes), 15) + 0xA282EAD8);
}
