namespace Functional.Kernels;

/// <summary>Kernels that run one after another on one table of buffers, and the memory that they need beside those buffers.</summary>
public sealed class KernelSequence
{
    private readonly Kernel[] _kernels;

    /// <summary>Puts kernels in a row.</summary>
    /// <param name="kernels">in the order in which they run.</param>
    /// <param name="slots">buffer slots that they use; the last is the arena.</param>
    /// <param name="arenaBytes">bytes of the arena, which holds what one kernel writes and another reads.</param>
    public KernelSequence(Kernel[] kernels, int slots, long arenaBytes)
    {
        (_kernels, Slots, ArenaBytes) = (kernels, slots, arenaBytes);
        foreach (Kernel kernel in kernels)
        {
            WorkspaceBytes = Math.Max(WorkspaceBytes, kernel.WorkspaceBytes);
            ScratchBytes = Math.Max(ScratchBytes, Lines(kernel.ScratchBytes));
        }
    }

    /// <summary>Buffer slots that the kernels use; the last is the arena.</summary>
    public int Slots { get; }

    /// <summary>Bytes of the arena.</summary>
    public long ArenaBytes { get; }

    /// <summary>Bytes of the workspace: the most that one kernel needs.</summary>
    public long WorkspaceBytes { get; }

    /// <summary>Bytes of scratch memory for each worker: the most that one kernel needs, in whole cache lines.</summary>
    public long ScratchBytes { get; }

    /// <summary>Runs all kernels.</summary>
    public void Run(RunContext context)
    {
        foreach (Kernel kernel in _kernels)
            kernel.Run(context);
    }

    /// <summary>Bytes in whole cache lines.</summary>
    internal static long Lines(long bytes) => (bytes + 63) / 64 * 64;
}
