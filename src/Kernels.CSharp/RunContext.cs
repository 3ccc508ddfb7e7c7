namespace Functional.Kernels;

/// <summary>
/// The memory of one run: an address for each buffer slot, a shared workspace and scratch memory for each worker.
/// The owner allocates it once; all addresses are multiples of 64 and stay valid while a kernel runs.
/// </summary>
public sealed unsafe class RunContext
{
    private readonly nint _scratch;
    private readonly long _scratchStride;
    private RunContext? _inner;

    /// <summary>Describes memory that the caller owns.</summary>
    /// <param name="pool">the threads that run the tasks.</param>
    /// <param name="buffers">address of a table with one address for each buffer slot.</param>
    /// <param name="workspace">address of the shared workspace.</param>
    /// <param name="scratch">address of the first worker's scratch memory.</param>
    /// <param name="scratchStride">bytes from one worker's scratch memory to the next.</param>
    public RunContext(WorkerPool pool, nint* buffers, nint workspace, nint scratch, long scratchStride)
    {
        Pool = pool;
        Buffers = buffers;
        Workspace = (byte*)workspace;
        _scratch = scratch;
        _scratchStride = scratchStride;
    }

    /// <summary>
    /// The same threads and their scratch memory, with other buffers and another workspace: good until it is asked for again, and made
    /// once, so that a loop allocates nothing from its second run on.
    /// </summary>
    public RunContext Within(nint* buffers, nint workspace)
    {
        _inner ??= new RunContext(Pool, buffers, workspace, _scratch, _scratchStride);
        _inner.Buffers = buffers;
        _inner.Workspace = (byte*)workspace;
        return _inner;
    }

    /// <summary>The threads that run the tasks.</summary>
    public WorkerPool Pool { get; }

    /// <summary>The address of each buffer slot.</summary>
    public nint* Buffers { get; private set; }

    /// <summary>Memory shared by all workers.</summary>
    public byte* Workspace { get; private set; }

    /// <summary>Memory of one worker alone.</summary>
    public byte* Scratch(int worker) => (byte*)(_scratch + worker * _scratchStride);
}
