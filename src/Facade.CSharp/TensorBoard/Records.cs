using System.Buffers.Binary;

namespace Functional.TensorBoard;

/// <summary>
/// A file of records: the length of the data in 8 bytes, its check in 4, the data, and their check in 4; numbers are little-endian.
/// </summary>
internal static class Records
{
    private const int Head = sizeof(ulong) + sizeof(uint);

    /// <summary>A record around data.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> data)
    {
        byte[] record = new byte[Head + data.Length + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(sizeof(ulong)), Crc32C.Masked(record.AsSpan(0, sizeof(ulong))));
        data.CopyTo(record.AsSpan(Head));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(Head + data.Length), Crc32C.Masked(data));
        return record;
    }

    /// <summary>The data of the records of a file, up to the first that is not whole or does not pass its checks.</summary>
    public static IReadOnlyList<byte[]> Read(byte[] file)
    {
        List<byte[]> found = [];
        ReadOnlySpan<byte> rest = file;
        while (rest.Length >= Head + sizeof(uint))
        {
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(rest);
            if (length > (ulong)(rest.Length - Head - sizeof(uint)) || !Passes(rest[..sizeof(ulong)], rest[sizeof(ulong)..]))
                break;
            ReadOnlySpan<byte> data = rest.Slice(Head, (int)length);
            if (!Passes(data, rest[(Head + (int)length)..]))
                break;
            found.Add(data.ToArray());
            rest = rest[(Head + (int)length + sizeof(uint))..];
        }

        return found;
    }

    private static bool Passes(ReadOnlySpan<byte> data, ReadOnlySpan<byte> check) =>
        BinaryPrimitives.ReadUInt32LittleEndian(check) == Crc32C.Masked(data);
}
