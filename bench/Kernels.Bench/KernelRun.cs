using System.Runtime.InteropServices;
using Functional.Kernels;

namespace Functional.Bench;

/// <summary>A kernel with memory for its operands, ready to run again and again.</summary>
public sealed unsafe class KernelRun : IDisposable
{
    private readonly Kernel _kernel;
    private readonly RunContext _context;
    private readonly nint* _buffers;
    private readonly nint _workspace;
    private readonly nint _scratch;
    private readonly int _count;

    /// <summary>Allocates one buffer for each size and fills them with small numbers.</summary>
    public KernelRun(Kernel kernel, WorkerPool pool, ElementType type, params long[] elements)
    {
        _kernel = kernel;
        _count = elements.Length;
        _buffers = (nint*)Allocate(sizeof(nint) * Math.Max(1, _count));
        for (int i = 0; i < _count; i++)
        {
            _buffers[i] = Allocate(elements[i] * (type == ElementType.Float32 ? 4 : 8));
            for (long j = 0; j < elements[i]; j++)
            {
                double value = (j * 7919 % 1000 / 500.0) - 1;
                if (type == ElementType.Float32)
                    ((float*)_buffers[i])[j] = (float)value;
                else
                    ((double*)_buffers[i])[j] = value;
            }
        }

        long stride = (kernel.ScratchBytes + 63L) / 64 * 64;
        _workspace = Allocate(kernel.WorkspaceBytes);
        _scratch = Allocate(stride * pool.Threads);
        _context = new RunContext(pool, _buffers, _workspace, _scratch, stride);
    }

    public void Run() => _kernel.Run(_context);

    public void Dispose()
    {
        for (int i = 0; i < _count; i++)
            NativeMemory.AlignedFree((void*)_buffers[i]);
        NativeMemory.AlignedFree(_buffers);
        NativeMemory.AlignedFree((void*)_workspace);
        NativeMemory.AlignedFree((void*)_scratch);
    }

    private static nint Allocate(long bytes) => (nint)NativeMemory.AlignedAlloc((nuint)Math.Max(64, bytes), 64);
}
