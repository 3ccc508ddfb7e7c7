using Functional.Kernels;
using Xunit;

namespace Functional.Tests;

/// <summary>
/// Runs one kernel on arrays: copies them to memory that ends at an inaccessible page, runs, and copies back what it finds; then the same
/// with memory that begins behind such a page, which has to give the same bits. Workspace and scratch memory lie in the same way.
/// </summary>
internal static unsafe class KernelHarness
{
    /// <summary>Buffer slot i holds the i-th array (float[], double[] or int[]); what the kernel writes is copied back.</summary>
    public static void Run(Kernel kernel, int threads, params Array[] buffers)
    {
        Array[] others = [.. buffers.Select(buffer => (Array)buffer.Clone())];
        Run(kernel, threads, Touching.Start, kernel.Run, others);
        Run(kernel, threads, Touching.End, kernel.Run, buffers);
        for (int i = 0; i < buffers.Length; i++)
            Assert.True(
                GuardedMemory.BytesOf(others[i]).SequenceEqual(GuardedMemory.BytesOf(buffers[i])),
                $"What the kernel wrote to buffer {i} depends on where the buffers lie."
            );
    }

    /// <summary>Runs the kernel twice and tells what the second run allocated on the managed heap.</summary>
    public static long AllocatedBytes(Kernel kernel, params Array[] buffers)
    {
        long allocated = -1;
        Run(
            kernel,
            2,
            Touching.End,
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

    private static void Run(Kernel kernel, int threads, Touching touching, Action<RunContext> run, Array[] buffers)
    {
        using var pool = new WorkerPool(threads);
        using var table = new GuardedMemory(sizeof(nint) * buffers.Length, touching);
        using var workspace = new GuardedMemory(kernel.WorkspaceBytes, touching);
        using var scratch = new GuardedMemory(kernel.ScratchBytes, touching, threads);
        GuardedMemory[] memory = [.. buffers.Select(buffer => new GuardedMemory(Buffer.ByteLength(buffer), touching))];
        try
        {
            for (int i = 0; i < buffers.Length; i++)
            {
                ((nint*)table.Address)[i] = memory[i].Address;
                memory[i].CopyFrom(buffers[i]);
            }

            run(new RunContext(pool, (nint*)table.Address, workspace.Address, scratch.Address, scratch.Stride));

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
}
