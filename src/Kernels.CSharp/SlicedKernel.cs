namespace Functional.Kernels;

/// <summary>Some rows of a batch.</summary>
/// <param name="First">the first row.</param>
/// <param name="Rows">how many rows.</param>
/// <param name="Batch">rows of the whole batch.</param>
public readonly record struct Slice(int First, int Rows, int Batch);

/// <summary>A kernel that can compute some rows of its result by themselves: row i of a result comes from row i of what varies with the batch.</summary>
public unsafe interface ISliced
{
    /// <summary>How many tasks prepare what all slices need.</summary>
    int Preparations => 0;

    /// <summary>Does one task of the preparation.</summary>
    /// <param name="workspace">the kernel's own workspace; a slice finds in it what was prepared.</param>
    void Prepare(RunContext context, byte* workspace, int task) { }

    /// <summary>Computes the rows of a slice.</summary>
    void RunSlice(RunContext context, byte* workspace, Slice slice, int worker);
}

/// <summary>
/// Runs several kernels slice by slice: all of them on some rows of a batch, then all of them on the next rows. What one writes
/// the next finds in the core's own cache, and threads wait for each other once for all kernels.
/// </summary>
/// <remarks>
/// It is the caller's part that row i of what a kernel reads of another's is row i of the batch, and that two values share
/// memory only row by row.
/// </remarks>
public sealed unsafe class SlicedKernel : Kernel
{
    /// <summary>Rows of a slice: as many as the widest vector has elements, so that convolutions fill their lanes.</summary>
    public const int SliceRows = 16;

    private const int Preparation = 0;
    private const int Slices = 1;

    private readonly ISliced[] _kernels;
    private readonly long[] _workspaces;
    private readonly int _batch;
    private readonly int _preparations;

    /// <summary>Puts kernels in a row.</summary>
    /// <param name="kernels">in the order in which they run.</param>
    /// <param name="batch">rows that they all work on.</param>
    /// <exception cref="InvalidCastException">a kernel that is no <see cref="ISliced"/>.</exception>
    public SlicedKernel(Kernel[] kernels, int batch)
    {
        (_kernels, _batch) = ([.. kernels.Cast<ISliced>()], batch);
        _workspaces = new long[kernels.Length];
        for (int i = 0; i < kernels.Length; i++)
        {
            _workspaces[i] = WorkspaceBytes;
            WorkspaceBytes += KernelSequence.Lines(kernels[i].WorkspaceBytes);
            _preparations += _kernels[i].Preparations;
        }

        ScratchBytes = kernels.Max(kernel => kernel.ScratchBytes);
    }

    /// <summary>Whether a batch has slices enough for all threads; kernels of convolutions of such batches can be sliced.</summary>
    public static bool Suits(int batch) => batch >= 2 * SliceRows * Environment.ProcessorCount;

    /// <inheritdoc/>
    public override long WorkspaceBytes { get; }

    /// <inheritdoc/>
    public override int ScratchBytes { get; }

    /// <inheritdoc/>
    public override void Run(RunContext context)
    {
        context.Pool.Run(this, context, Preparation, _preparations);
        context.Pool.Run(this, context, Slices, (_batch + SliceRows - 1) / SliceRows);
    }

    /// <inheritdoc/>
    protected internal override void Execute(RunContext context, int phase, int task, int worker)
    {
        if (phase == Preparation)
        {
            int kernel = 0;
            for (; task >= _kernels[kernel].Preparations; kernel++)
                task -= _kernels[kernel].Preparations;
            _kernels[kernel].Prepare(context, context.Workspace + _workspaces[kernel], task);
            return;
        }

        int first = task * SliceRows;
        var slice = new Slice(first, Math.Min(SliceRows, _batch - first), _batch);
        for (int i = 0; i < _kernels.Length; i++)
            _kernels[i].RunSlice(context, context.Workspace + _workspaces[i], slice, worker);
    }
}
