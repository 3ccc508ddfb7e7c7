using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Functional.Tests;

/// <summary>
/// Rooms of whole pages, each between two pages that nobody may read or write: who does ends the process.
/// </summary>
internal sealed unsafe partial class GuardedPages : IDisposable
{
    private const int ReadWrite = 3;
    private const int NoAccess = 0;
    private const int PrivateAndAnonymous = 0x22;
    private const int PrivateAndAnonymousOnMac = 0x1002;
    private const uint CommitAndReserve = 0x3000;
    private const uint Release = 0x8000;
    private const uint WindowsReadWrite = 4;
    private const uint WindowsNoAccess = 1;

    private readonly byte* _block;
    private readonly nuint _blockBytes;

    /// <summary>Makes rooms of at least so many bytes each.</summary>
    public GuardedPages(int rooms, long bytes)
    {
        long page = Environment.SystemPageSize;
        Bytes = Math.Max(1, (bytes + page - 1) / page) * page;
        _blockBytes = (nuint)(rooms * Stride + page);
        _block = OperatingSystem.IsWindows() ? VirtualAlloc(null, _blockBytes, CommitAndReserve, WindowsReadWrite) : Map(_blockBytes);
        for (int room = 0; room <= rooms; room++)
            Close(_block + room * Stride, (nuint)page);
    }

    /// <summary>Bytes of a room.</summary>
    public long Bytes { get; }

    /// <summary>Bytes from the start of a room to that of the next.</summary>
    public long Stride => Environment.SystemPageSize + Bytes;

    /// <summary>The first byte of a room.</summary>
    public byte* Start(int room) => _block + room * Stride + Environment.SystemPageSize;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (OperatingSystem.IsWindows())
            _ = VirtualFree(_block, 0, Release);
        else
            _ = Unmap(_block, _blockBytes);
    }

    private static byte* Map(nuint bytes)
    {
        int flags = OperatingSystem.IsMacOS() ? PrivateAndAnonymousOnMac : PrivateAndAnonymous;
        byte* block = Map(null, bytes, ReadWrite, flags, -1, 0);
        return (nint)block == -1 ? throw new Win32Exception() : block;
    }

    private static void Close(byte* start, nuint bytes)
    {
        bool isClosed = OperatingSystem.IsWindows()
            ? VirtualProtect(start, bytes, WindowsNoAccess, out _) != 0
            : Protect(start, bytes, NoAccess) == 0;
        if (!isClosed)
            throw new Win32Exception();
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial byte* Map(byte* address, nuint bytes, int access, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(byte* address, nuint bytes, int access);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(byte* address, nuint bytes);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial byte* VirtualAlloc(byte* address, nuint bytes, uint kind, uint access);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial int VirtualProtect(byte* address, nuint bytes, uint access, out uint before);

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial int VirtualFree(byte* address, nuint bytes, uint kind);
}
