using System.Runtime.InteropServices;
using Functional.Kernels;

namespace Functional.Tests;

/// <summary>Runs one kernel on arrays: copies them to aligned memory, runs, copies back.</summary>
internal static unsafe class KernelHarness
{
    /// <summary>Buffer slot i holds the i-th array (float[], double[] or int[]); what the kernel writes is copied back.</summary>
    public static void Run(Kernel kernel, int threads, params Array[] buffers)
    {
        using var pool = new WorkerPool(threads);
        var table = (nint*)NativeMemory.AlignedAlloc((nuint)(sizeof(nint) * Math.Max(1, buffers.Length)), 64);
        nint workspace = Allocate(kernel.WorkspaceBytes);
        long stride = (kernel.ScratchBytes + 63L) / 64 * 64;
        nint scratch = Allocate(stride * threads);
        var pins = new GCHandle[buffers.Length];
        for (int i = 0; i < buffers.Length; i++)
        {
            pins[i] = GCHandle.Alloc(buffers[i], GCHandleType.Pinned);
            table[i] = Allocate(Buffer.ByteLength(buffers[i]));
            Copy(pins[i].AddrOfPinnedObject(), table[i], buffers[i]);
        }

        kernel.Run(new RunContext(pool, table, workspace, scratch, stride));

        for (int i = 0; i < buffers.Length; i++)
        {
            Copy(table[i], pins[i].AddrOfPinnedObject(), buffers[i]);
            NativeMemory.AlignedFree((void*)table[i]);
            pins[i].Free();
        }

        NativeMemory.AlignedFree((void*)workspace);
        NativeMemory.AlignedFree((void*)scratch);
        NativeMemory.AlignedFree(table);
    }

    private static nint Allocate(long bytes)
    {
        var memory = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(64, bytes), 64);
        new Span<byte>(memory, (int)Math.Max(64, bytes)).Fill(0xCD);
        return (nint)memory;
    }

    private static void Copy(nint from, nint to, Array buffer) =>
        Buffer.MemoryCopy((void*)from, (void*)to, Buffer.ByteLength(buffer), Buffer.ByteLength(buffer));
}
