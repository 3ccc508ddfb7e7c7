using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Functional.Kernels;

/// <summary>
/// A fixed set of threads that run the tasks of one kernel phase and return together. The calling thread works too, and
/// never waits for a thread that has not begun: a worker that is late finds the tasks taken.
/// </summary>
/// <remarks>
/// Between phases the workers spin for some tens of microseconds, then park. One phase runs at a time; a second caller, or a
/// task that calls <see cref="Run"/>, runs its tasks on its own thread. Running allocates nothing.
/// </remarks>
public sealed class WorkerPool : IDisposable
{
    private const int SpinsBeforePark = 2_000;
    private const int SpinsBeforeYield = 2_000;

    private static readonly Lazy<WorkerPool> LazyShared = new(() => new WorkerPool(Environment.ProcessorCount));

    private readonly Thread[] _workers;
    private readonly object _gate = new();

    // The running phase: written before its generation appears in the ticket and kept until its last task is finished,
    // so it is read safely by whoever holds one of its tasks.
    private Kernel? _kernel;
    private RunContext? _context;
    private int _phase;
    private int _tasks;
    private ExceptionDispatchInfo? _failure;

    // For each worker the tasks that are meant for it. Generation in the upper half, tasks left in the lower: one exchange
    // claims a task of exactly this generation.
    private readonly PaddedLong[] _tickets;
    private PaddedLong _generation;
    private PaddedLong _finished;
    private int _busy;
    private int _parked;
    private volatile bool _disposed;

    /// <summary>Starts <paramref name="threads"/> − 1 background threads; the caller of <see cref="Run"/> is the last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">fewer than one thread.</exception>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        _workers = new Thread[threads - 1];
        _tickets = new PaddedLong[threads];
        for (int i = 0; i < _workers.Length; i++)
        {
            int worker = i + 1;
            _workers[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"kernel worker {worker}" };
            _workers[i].Start();
        }
    }

    /// <summary>One pool for the process, with a thread for each processor. Never dispose it.</summary>
    public static WorkerPool Shared => LazyShared.Value;

    /// <summary>How many tasks run at once, the calling thread included.</summary>
    public int Threads { get; }

    /// <summary>Runs tasks 0 to <paramref name="tasks"/> − 1 of a phase and returns when all are done.</summary>
    /// <remarks>When tasks throw, the others still run; then the first exception is thrown again.</remarks>
    /// <exception cref="ObjectDisposedException">the pool is disposed.</exception>
    public void Run(Kernel kernel, RunContext context, int phase, int tasks)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (tasks <= 1 || Threads == 1 || Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            RunInline(kernel, context, phase, tasks);
            return;
        }

        long generation = Publish(kernel, context, phase, tasks);
        RunTasks(generation, worker: 0);
        AwaitFinish(tasks);
        ExceptionDispatchInfo? failure = _failure;
        _kernel = null;
        _context = null;
        _failure = null;
        Volatile.Write(ref _busy, 0);
        failure?.Throw();
    }

    /// <summary>Ends the threads. No phase may be running.</summary>
    public void Dispose()
    {
        _disposed = true;
        lock (_gate)
            Monitor.PulseAll(_gate);
        foreach (Thread worker in _workers)
            worker.Join();
    }

    private static void RunInline(Kernel kernel, RunContext context, int phase, int tasks)
    {
        ExceptionDispatchInfo? failure = null;
        for (int task = 0; task < tasks; task++)
        {
            try
            {
                kernel.Execute(context, phase, task, 0);
            }
            catch (Exception exception)
            {
                failure ??= ExceptionDispatchInfo.Capture(exception);
            }
        }

        failure?.Throw();
    }

    private long Publish(Kernel kernel, RunContext context, int phase, int tasks)
    {
        _kernel = kernel;
        _context = context;
        _phase = phase;
        _tasks = tasks;
        _finished.Value = 0;
        long generation = (uint)(Generation + 1);
        for (int i = 0; i < Threads; i++)
            Volatile.Write(
                ref _tickets[i].Value,
                (generation << 32) | (uint)(Share.Begin(tasks, i + 1, Threads) - Share.Begin(tasks, i, Threads))
            );
        Interlocked.Exchange(ref _generation.Value, generation);
        if (Volatile.Read(ref _parked) > 0)
        {
            lock (_gate)
                Monitor.PulseAll(_gate);
        }

        return generation;
    }

    private long Generation => Volatile.Read(ref _generation.Value);

    private static long GenerationOf(long ticket) => (long)((ulong)ticket >> 32);

    private void Work(int worker)
    {
        long seen = 0;
        while (AwaitNext(seen))
        {
            seen = Generation;
            RunTasks(seen, worker);
        }
    }

    /// <summary>Runs the worker's own tasks, which are neighbours, so that what one kernel leaves in a core's cache the next finds there; then others'.</summary>
    private void RunTasks(long generation, int worker)
    {
        for (int i = 0; i < Threads; i++)
            RunTasksOf((worker + i) % Threads, generation, worker);
    }

    private void RunTasksOf(int owner, long generation, int worker)
    {
        ref long ticket = ref _tickets[owner].Value;
        while (true)
        {
            long seen = Volatile.Read(ref ticket);
            int left = (int)(uint)seen;
            if (GenerationOf(seen) != generation || left == 0)
                return;
            if (Interlocked.CompareExchange(ref ticket, seen - 1, seen) != seen)
                continue;
            try
            {
                _kernel!.Execute(_context!, _phase, Share.Begin(_tasks, owner + 1, Threads) - left, worker);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            }

            Interlocked.Increment(ref _finished.Value);
        }
    }

    private void AwaitFinish(int tasks)
    {
        for (int spins = 0; Volatile.Read(ref _finished.Value) != tasks; spins++)
        {
            if (spins < SpinsBeforeYield)
                Thread.SpinWait(1);
            else
                Thread.Yield();
        }
    }

    /// <summary>Waits for a generation other than <paramref name="seen"/>; false when the pool is disposed.</summary>
    private bool AwaitNext(long seen)
    {
        for (int spins = 0; spins < SpinsBeforePark; spins++)
        {
            if (_disposed)
                return false;
            if (Generation != seen)
                return true;
            Thread.SpinWait(1);
        }

        lock (_gate)
        {
            // Counted before the last look: a caller that finds nobody parked has published early enough to be seen here.
            Interlocked.Increment(ref _parked);
            while (Generation == seen && !_disposed)
                Monitor.Wait(_gate);
            Interlocked.Decrement(ref _parked);
        }

        return !_disposed;
    }

    /// <summary>A number alone on its cache line, with no neighbour that another thread writes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct PaddedLong
    {
        [FieldOffset(64)]
        public long Value;
    }
}
