using System.Buffers.Binary;
using System.Text;

namespace Functional.Tests;

/// <summary>
/// Reads TensorBoard's event files from the description of the format alone: records with their checks bit by bit, and fields of messages
/// by their numbers.
/// </summary>
internal static class EventFile
{
    /// <summary>A value of a step: a number, a picture's height, width and bytes, or a histogram's fields.</summary>
    public sealed record Shown(long Step, string Tag, float? Number, Fields? Image, Fields? Histogram);

    /// <summary>The version that the first record names, and everything shown after it.</summary>
    public static (string Version, IReadOnlyList<Shown> Values) Read(string path)
    {
        List<Shown> values = [];
        string version = "";
        foreach (byte[] data in Records(File.ReadAllBytes(path)))
        {
            Fields written = new(data);
            double age = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - written.Double(1);
            if (age is < -5 or > 86400)
                throw new InvalidDataException($"an event of {written.Double(1)} s");
            if (written.Has(3))
                version = Encoding.UTF8.GetString(written.Bytes(3));
            if (written.Has(5))
                values.AddRange(new Fields(written.Bytes(5)).All(1).Select(value => Value(written.Whole(2), new Fields(value))));
        }

        return (version, values);
    }

    /// <summary>The cyclic redundancy check with Castagnoli's polynomial, a bit at a time.</summary>
    public static uint Check(ReadOnlySpan<byte> bytes)
    {
        uint check = uint.MaxValue;
        foreach (byte one in bytes)
        {
            check ^= one;
            for (int bit = 0; bit < 8; bit++)
                check = (check & 1) == 1 ? (check >> 1) ^ 0x82F63B78 : check >> 1;
        }

        return ~check;
    }

    private static IEnumerable<byte[]> Records(byte[] file)
    {
        for (int at = 0; at < file.Length; )
        {
            int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at)));
            Verify(file.AsSpan(at, 8), file.AsSpan(at + 8));
            byte[] data = file[(at + 12)..(at + 12 + length)];
            Verify(data, file.AsSpan(at + 12 + length));
            yield return data;
            at += length + 16;
        }
    }

    private static void Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> found)
    {
        uint check = Check(data);
        uint masked = unchecked(((check >> 15) | (check << 17)) + 0xA282EAD8);
        if (BinaryPrimitives.ReadUInt32LittleEndian(found) != masked)
            throw new InvalidDataException("a record does not pass its check");
    }

    private static Shown Value(long step, Fields value) =>
        new(
            step,
            Encoding.UTF8.GetString(value.Bytes(1)),
            value.Has(2) ? value.Single(2) : null,
            value.Has(4) ? new Fields(value.Bytes(4)) : null,
            value.Has(5) ? new Fields(value.Bytes(5)) : null
        );
}

/// <summary>The fields of a protocol buffer message by number; what is not there is zero, as the format has it.</summary>
internal sealed class Fields
{
    private readonly List<(int Number, byte[] Value)> _fields = [];

    public Fields(byte[] message)
    {
        int at = 0;
        while (at < message.Length)
        {
            ulong key = Varint(message, ref at);
            int start = at;
            switch (key & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    int length = (int)Varint(message, ref at);
                    start = at;
                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"wire type {key & 7}");
            }

            _fields.Add(((int)(key >> 3), message[start..at]));
        }
    }

    public bool Has(int number) => _fields.Any(field => field.Number == number);

    public IEnumerable<byte[]> All(int number) => _fields.Where(field => field.Number == number).Select(field => field.Value);

    public byte[] Bytes(int number) => All(number).FirstOrDefault() ?? [];

    public double Double(int number) => Has(number) ? BitConverter.ToDouble(Bytes(number)) : 0;

    public float Single(int number) => Has(number) ? BitConverter.ToSingle(Bytes(number)) : 0;

    public long Whole(int number)
    {
        int at = 0;
        return Has(number) ? (long)Varint(Bytes(number), ref at) : 0;
    }

    public double[] Doubles(int number)
    {
        byte[] packed = Bytes(number);
        return [.. Enumerable.Range(0, packed.Length / 8).Select(i => BitConverter.ToDouble(packed, 8 * i))];
    }

    private static ulong Varint(byte[] bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
