namespace Functional.Kernels;

/// <summary>
/// Groups equal units of work into the tasks of a phase. The grouping follows from sizes alone, so that neither
/// results nor error reports can depend on the number of threads.
/// </summary>
/// <param name="Units">how many units there are.</param>
/// <param name="UnitsPerTask">how many consecutive units make a task; the last task may have fewer.</param>
internal readonly record struct WorkSplit(long Units, long UnitsPerTask)
{
    /// <summary>Elements that one task should touch: enough work to hide the hand-off, little enough to stay in the second-level cache.</summary>
    public const int Grain = 16384;

    /// <summary>How many tasks there are; none when there is no unit.</summary>
    public int Tasks => checked((int)CeilingDivide(Units, UnitsPerTask));

    /// <summary>Makes tasks of about <see cref="Grain"/> elements.</summary>
    public static WorkSplit OfUnits(long units, long elementsPerUnit) => new(units, Math.Max(1, Grain / Math.Max(1, elementsPerUnit)));

    /// <summary>The units of one task: <c>First</c> to <c>End</c> − 1.</summary>
    public (long First, long End) Range(int task) => (task * UnitsPerTask, Math.Min(Units, (task + 1) * UnitsPerTask));

    /// <summary>Runs one phase of a kernel over all tasks; does nothing when there is none.</summary>
    public void Run(Kernel kernel, RunContext context, int phase = 0)
    {
        if (Units > 0)
            context.Pool.Run(kernel, context, phase, Tasks);
    }

    /// <summary>⌈value / divisor⌉ for a value ≥ 0 and a divisor > 0.</summary>
    public static long CeilingDivide(long value, long divisor) => (value + divisor - 1) / divisor;
}
