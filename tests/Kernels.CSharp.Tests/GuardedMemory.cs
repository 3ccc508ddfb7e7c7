using System.Runtime.InteropServices;

namespace Functional.Tests;

/// <summary>Which end of a buffer touches memory that nobody may use.</summary>
internal enum Touching
{
    Start,
    End,
}

/// <summary>
/// Buffers of one size full of junk, each with one end at an inaccessible page. At the other end up to a page of known bytes tells of writes
/// outside; the same work is to be tried with both ends.
/// </summary>
internal sealed unsafe class GuardedMemory : IDisposable
{
    private const byte Junk = 0xCD;

    private readonly GuardedPages _pages;
    private readonly int _buffers;
    private readonly long _before;
    private readonly long _bytes;

    public GuardedMemory(long bytes, Touching touching, int buffers = 1)
    {
        _buffers = buffers;
        _bytes = bytes;
        _pages = new GuardedPages(buffers, bytes);
        _before = touching == Touching.Start ? 0 : _pages.Bytes - bytes;
        for (int buffer = 0; buffer < buffers; buffer++)
            NativeMemory.Fill(_pages.Start(buffer), (nuint)_pages.Bytes, Junk);
    }

    /// <summary>The first buffer.</summary>
    public nint Address => (nint)(_pages.Start(0) + _before);

    /// <summary>Bytes from one buffer to the next.</summary>
    public long Stride => _pages.Stride;

    /// <summary>Whether the bytes around the buffers are as they were.</summary>
    public bool IsGuarded
    {
        get
        {
            bool isGuarded = true;
            for (int buffer = 0; buffer < _buffers; buffer++)
                isGuarded &= IsJunk(buffer, 0, _before) && IsJunk(buffer, _before + _bytes, _pages.Bytes);
            return isGuarded;
        }
    }

    public void CopyFrom(Array array) => BytesOf(array).CopyTo(new Span<byte>((void*)Address, (int)_bytes));

    public void CopyTo(Array array) => new Span<byte>((void*)Address, (int)_bytes).CopyTo(BytesOf(array));

    public void Dispose() => _pages.Dispose();

    /// <summary>The elements of an array of numbers.</summary>
    public static Span<byte> BytesOf(Array array) =>
        MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), Buffer.ByteLength(array));

    private bool IsJunk(int buffer, long from, long to) =>
        !new ReadOnlySpan<byte>(_pages.Start(buffer) + from, (int)(to - from)).ContainsAnyExcept(Junk);
}
