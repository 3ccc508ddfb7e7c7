namespace Functional.Kernels;

/// <summary>A fixed set of threads that run the tasks of one kernel phase and return together.</summary>
public sealed class WorkerPool : IDisposable
{
    public WorkerPool(int threads)
    {
        Threads = threads;
    }

    /// <summary>How many tasks run at once, the calling thread included.</summary>
    public int Threads { get; }

    /// <summary>Runs tasks 0 to <paramref name="tasks"/> − 1 of a phase and returns when all are done.</summary>
    public void Run(Kernel kernel, RunContext context, int phase, int tasks)
    {
        for (int task = 0; task < tasks; task++)
            kernel.Execute(context, phase, task, 0);
    }

    public void Dispose() { }
}
