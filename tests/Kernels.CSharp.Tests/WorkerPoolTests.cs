using Functional.Kernels;
using Xunit;

namespace Functional.Tests;

/// <summary>The pool runs every task once, whoever calls it and whatever tasks do.</summary>
public unsafe class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Every_task_runs_once_phase_after_phase(int threads)
    {
        using var pool = new WorkerPool(threads);
        var context = Context(pool);
        for (int round = 0; round < 20_000; round++)
        {
            var counts = new Counting(tasks: round % 17);
            counts.Run(context);
            Assert.All(counts.Runs, runs => Assert.Equal(1, runs));
            if (round % 5_000 == 0)
                Thread.Sleep(2);
        }
    }

    [Fact]
    public void Tasks_of_one_phase_run_at_the_same_time()
    {
        using var pool = new WorkerPool(3);
        for (int round = 0; round < 200; round++)
        {
            if (round % 50 == 0)
                Thread.Sleep(5);
            pool.Run(new Meeting(3), Context(pool), 0, 3);
        }
    }

    [Fact]
    public void Callers_on_many_threads_share_a_pool()
    {
        using var pool = new WorkerPool(3);
        Parallel.For(
            0,
            8,
            caller =>
            {
                var context = Context(pool);
                for (int round = 0; round < 5_000; round++)
                {
                    var counts = new Counting(tasks: (caller + round) % 9);
                    counts.Run(context);
                    Assert.All(counts.Runs, runs => Assert.Equal(1, runs));
                }
            }
        );
    }

    [Fact]
    public void A_task_may_run_a_phase_itself()
    {
        using var pool = new WorkerPool(3);
        var inner = new Counting[50];
        for (int i = 0; i < inner.Length; i++)
            inner[i] = new Counting(tasks: 20);
        pool.Run(new Calls((_, task, _) => inner[task].Run(Context(pool))), Context(pool), 0, inner.Length);
        Assert.All(inner, counts => Assert.All(counts.Runs, runs => Assert.Equal(1, runs)));
    }

    [Fact]
    public void Workers_are_numbered_and_a_worker_has_one_task_at_a_time()
    {
        using var pool = new WorkerPool(4);
        int[] active = new int[4];
        var kernel = new Calls(
            (_, _, worker) =>
            {
                Assert.Equal(1, Interlocked.Increment(ref active[worker]));
                Thread.SpinWait(20);
                Interlocked.Decrement(ref active[worker]);
            }
        );
        for (int round = 0; round < 1_000; round++)
            pool.Run(kernel, Context(pool), round, 12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_task_that_throws_is_heard_after_the_others_ran(int threads)
    {
        using var pool = new WorkerPool(threads);
        for (int round = 0; round < 500; round++)
        {
            int ran = 0;
            var kernel = new Calls(
                (_, task, _) =>
                {
                    Interlocked.Increment(ref ran);
                    if (task == 3)
                        throw new InvalidOperationException("task 3");
                }
            );
            var thrown = Assert.Throws<InvalidOperationException>(() => pool.Run(kernel, Context(pool), 0, 10));
            Assert.Equal("task 3", thrown.Message);
            Assert.Equal(10, ran);
        }
    }

    [Fact]
    public void Running_allocates_nothing()
    {
        using var pool = new WorkerPool(2);
        var kernel = new Counting(tasks: 4);
        var context = Context(pool);
        kernel.Run(context);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 1_000; round++)
            kernel.Run(context);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Disposing_ends_the_threads_and_further_runs_are_refused()
    {
        var pool = new WorkerPool(4);
        var context = Context(pool);
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Run(new Counting(4), context, 0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerPool(0));
        Assert.Equal(Environment.ProcessorCount, WorkerPool.Shared.Threads);
    }

    private static RunContext Context(WorkerPool pool) => new(pool, null, 0, 0, 0);

    private sealed class Calls(Action<int, int, int> execute) : Kernel
    {
        public override void Run(RunContext context) => context.Pool.Run(this, context, 0, 1);

        protected override void Execute(RunContext context, int phase, int task, int worker) => execute(phase, task, worker);
    }

    private sealed class Counting(int tasks) : Kernel
    {
        public int[] Runs { get; } = new int[tasks];

        public override void Run(RunContext context) => context.Pool.Run(this, context, 0, tasks);

        protected override void Execute(RunContext context, int phase, int task, int worker) => Interlocked.Increment(ref Runs[task]);
    }

    /// <summary>Tasks that end only when all have begun.</summary>
    private sealed class Meeting(int tasks) : Kernel
    {
        private int _present;

        public override void Run(RunContext context) => context.Pool.Run(this, context, 0, tasks);

        protected override void Execute(RunContext context, int phase, int task, int worker)
        {
            Interlocked.Increment(ref _present);
            SpinWait.SpinUntil(() => Volatile.Read(ref _present) == tasks);
        }
    }
}
