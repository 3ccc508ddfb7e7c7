using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Functional.Tests;

/// <summary>The guards do what the tests of kernels rely on: the system itself is asked to read from them, which it refuses.</summary>
public sealed unsafe class GuardedPagesTests : IDisposable
{
    private const int Rooms = 2;

    private readonly GuardedPages _pages = new(Rooms, 100);
    private readonly string _path = Path.GetTempFileName();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_room_can_be_read_to_its_last_byte_and_no_further(int room)
    {
        byte* start = _pages.Start(room);
        new Span<byte>(start, (int)_pages.Bytes).Fill(1);
        Write(start, (int)_pages.Bytes);
        Assert.Throws<IOException>(() => Write(start + _pages.Bytes, 1));
        Assert.Throws<IOException>(() => Write(start - 1, 1));
    }

    public void Dispose()
    {
        _pages.Dispose();
        File.Delete(_path);
    }

    private void Write(byte* from, int bytes)
    {
        using SafeFileHandle file = File.OpenHandle(_path, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(file, new ReadOnlySpan<byte>(from, bytes), 0);
    }
}
