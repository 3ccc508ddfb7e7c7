using System.Runtime.InteropServices;
using Functional.Kernels;
using Xunit;

namespace Functional.Tests;

/// <summary>
/// Runs one kernel on arrays: copies them to aligned memory, runs, copies back. What lies around each buffer must be as
/// before.
/// </summary>
internal static unsafe class KernelHarness
{
    private const int Guard = 256;
    private const byte Untouched = 0xCD;

    /// <summary>Buffer slot i holds the i-th array (float[], double[] or int[]); what the kernel writes is copied back.</summary>
    public static void Run(Kernel kernel, int threads, params Array[] buffers)
    {
        using var pool = new WorkerPool(threads);
        long stride = (kernel.ScratchBytes + 63L) / 64 * 64;
        var blocks = new List<(nint Address, long Bytes)>();
        nint table = Allocate(blocks, sizeof(nint) * buffers.Length);
        nint workspace = Allocate(blocks, kernel.WorkspaceBytes);
        nint scratch = Allocate(blocks, stride * threads);
        for (int i = 0; i < buffers.Length; i++)
        {
            ((nint*)table)[i] = Allocate(blocks, Buffer.ByteLength(buffers[i]));
            Copy(buffers[i], ((nint*)table)[i], toArray: false);
        }

        var context = new RunContext(pool, (nint*)table, workspace, scratch, stride);
        kernel.Run(context);
        for (int i = 0; i < buffers.Length; i++)
            Copy(buffers[i], ((nint*)table)[i], toArray: true);
        foreach ((nint address, long bytes) in blocks)
            CheckAndFree(address, bytes);
    }

    /// <summary>Bytes that the calling thread allocates on the managed heap in a second run of the kernel.</summary>
    public static long Allocated(Kernel kernel, params long[] bufferBytes)
    {
        using var pool = new WorkerPool(2);
        long stride = (kernel.ScratchBytes + 63L) / 64 * 64;
        var blocks = new List<(nint Address, long Bytes)>();
        nint table = Allocate(blocks, sizeof(nint) * bufferBytes.Length);
        for (int i = 0; i < bufferBytes.Length; i++)
            ((nint*)table)[i] = Allocate(blocks, bufferBytes[i]);
        nint workspace = Allocate(blocks, kernel.WorkspaceBytes);
        var context = new RunContext(pool, (nint*)table, workspace, Allocate(blocks, stride * 2), stride);
        kernel.Run(context);
        long before = GC.GetAllocatedBytesForCurrentThread();
        kernel.Run(context);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        foreach ((nint address, long bytes) in blocks)
            CheckAndFree(address, bytes);
        return allocated;
    }

    private static nint Allocate(List<(nint, long)> blocks, long bytes)
    {
        var memory = (byte*)NativeMemory.AlignedAlloc((nuint)(bytes + 2 * Guard), 64);
        new Span<byte>(memory, checked((int)bytes + 2 * Guard)).Fill(Untouched);
        blocks.Add(((nint)memory + Guard, bytes));
        return (nint)memory + Guard;
    }

    private static void CheckAndFree(nint address, long bytes)
    {
        var memory = (byte*)address;
        bool before = new Span<byte>(memory - Guard, Guard).ContainsAnyExcept(Untouched);
        bool after = new Span<byte>(memory + bytes, Guard).ContainsAnyExcept(Untouched);
        NativeMemory.AlignedFree(memory - Guard);
        Assert.False(before || after, $"The kernel wrote {(before ? "before" : "after")} a buffer of {bytes} bytes.");
    }

    private static void Copy(Array buffer, nint memory, bool toArray)
    {
        var pin = GCHandle.Alloc(buffer, GCHandleType.Pinned);
        long bytes = Buffer.ByteLength(buffer);
        void* array = (void*)pin.AddrOfPinnedObject();
        Buffer.MemoryCopy(toArray ? (void*)memory : array, toArray ? array : (void*)memory, bytes, bytes);
        pin.Free();
    }
}
