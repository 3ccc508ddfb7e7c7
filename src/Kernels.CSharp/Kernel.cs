namespace Functional.Kernels;

/// <summary>
/// One step of a program, planned once for fixed shapes and run many times. A kernel is immutable: whatever
/// differs between runs is in the <see cref="RunContext"/>, so one kernel may run on many contexts at once.
/// </summary>
public abstract class Kernel
{
    /// <summary>Bytes of memory, shared by all workers, that the kernel overwrites while it runs.</summary>
    public virtual long WorkspaceBytes => 0;

    /// <summary>Bytes of memory that each worker needs for itself.</summary>
    public virtual int ScratchBytes => 0;

    /// <summary>Runs the kernel on the buffers of <paramref name="context"/>: one or more phases on its pool.</summary>
    public abstract void Run(RunContext context);

    /// <summary>Does one task of a phase. Tasks of a phase write disjoint memory and may run in any order on any worker.</summary>
    /// <param name="context">the buffers of this run.</param>
    /// <param name="phase">which of the kernel's phases.</param>
    /// <param name="task">0 to the phase's number of tasks − 1.</param>
    /// <param name="worker">0 to the pool's number of threads − 1: selects the scratch memory.</param>
    protected internal abstract void Execute(RunContext context, int phase, int task, int worker);
}
