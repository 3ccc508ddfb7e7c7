using System.Runtime.InteropServices;
using Functional.Kernels;
using Xunit;

namespace Functional.Tests;

/// <summary>Runs one kernel on arrays: copies them to aligned memory between guards, runs, copies back, checks the guards.</summary>
internal static unsafe class KernelHarness
{
    private const int GuardBytes = 256;
    private const byte GuardValue = 0xCD;

    /// <summary>Buffer slot i holds the i-th array (float[], double[] or int[]); what the kernel writes is copied back.</summary>
    public static void Run(Kernel kernel, int threads, params Array[] buffers) =>
        Run(kernel, threads, context => kernel.Run(context), buffers);

    /// <summary>Runs the kernel twice and tells what the second run allocated on the managed heap.</summary>
    public static long AllocatedBytes(Kernel kernel, params Array[] buffers)
    {
        long allocated = -1;
        Run(
            kernel,
            2,
            context =>
            {
                kernel.Run(context);
                long before = GC.GetAllocatedBytesForCurrentThread();
                kernel.Run(context);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            },
            buffers
        );
        return allocated;
    }

    private static void Run(Kernel kernel, int threads, Action<RunContext> run, Array[] buffers)
    {
        long stride = (kernel.ScratchBytes + 63L) / 64 * 64;
        using var pool = new WorkerPool(threads);
        using var table = new GuardedMemory(sizeof(nint) * buffers.Length);
        using var workspace = new GuardedMemory(kernel.WorkspaceBytes);
        using var scratch = new GuardedMemory(stride * threads);
        GuardedMemory[] memory = [.. buffers.Select(buffer => new GuardedMemory(Buffer.ByteLength(buffer)))];
        try
        {
            for (int i = 0; i < buffers.Length; i++)
            {
                ((nint*)table.Address)[i] = memory[i].Address;
                memory[i].CopyFrom(buffers[i]);
            }

            run(new RunContext(pool, (nint*)table.Address, workspace.Address, scratch.Address, stride));

            for (int i = 0; i < buffers.Length; i++)
            {
                memory[i].CopyTo(buffers[i]);
                Assert.True(memory[i].IsGuarded, $"The kernel wrote outside of buffer {i}.");
            }

            Assert.True(workspace.IsGuarded, "The kernel wrote outside of its workspace.");
            Assert.True(scratch.IsGuarded, "The kernel wrote outside of its scratch memory.");
        }
        finally
        {
            foreach (GuardedMemory block in memory)
                block.Dispose();
        }
    }

    /// <summary>Memory at a multiple of 64 bytes, full of junk, with guards that end where it starts and start where it ends.</summary>
    private sealed class GuardedMemory : IDisposable
    {
        private readonly byte* _block;
        private readonly long _bytes;

        public GuardedMemory(long bytes)
        {
            _bytes = bytes;
            _block = (byte*)NativeMemory.AlignedAlloc((nuint)(GuardBytes + bytes + GuardBytes), 64);
            NativeMemory.Fill(_block, (nuint)(GuardBytes + bytes + GuardBytes), GuardValue);
        }

        public nint Address => (nint)(_block + GuardBytes);

        public bool IsGuarded => IsIntact(_block) && IsIntact(_block + GuardBytes + _bytes);

        public void CopyFrom(Array array)
        {
            var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
            Buffer.MemoryCopy((void*)pin.AddrOfPinnedObject(), (void*)Address, _bytes, _bytes);
            pin.Free();
        }

        public void CopyTo(Array array)
        {
            var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
            Buffer.MemoryCopy((void*)Address, (void*)pin.AddrOfPinnedObject(), _bytes, _bytes);
            pin.Free();
        }

        public void Dispose() => NativeMemory.AlignedFree(_block);

        private static bool IsIntact(byte* guard) => !new ReadOnlySpan<byte>(guard, GuardBytes).ContainsAnyExcept(GuardValue);
    }
}
