using System.Diagnostics;
using Functional.Kernels;

namespace Functional.Bench;

/// <summary>Medians within seconds, for the work between two measurements that count.</summary>
internal static class Quick
{
    private const int Rounds = 15;
    private const double RoundSeconds = 0.012;
    private static readonly KernelCases[] Groups =
    [
        new GemmCases(),
        new ConvCases(),
        new ChainCases(),
        new DrawCases(),
        new ReductionCases(),
    ];

    public static void Run(string[] filters)
    {
        foreach (int threads in (int[])[1, 2])
        {
            using var pool = new WorkerPool(threads);
            if (threads > 1 && Wanted("hand-off", filters))
                TimeHandOff(pool);
            foreach (BenchCase timed in Groups.SelectMany(group => group.Cases).Where(timed => Wanted(timed.Name, filters)))
                Report(timed, pool);
        }
    }

    private static bool Wanted(string name, string[] filters) =>
        filters.Length == 0 || filters.Any(filter => name.Contains(filter, StringComparison.OrdinalIgnoreCase));

    private static void TimeHandOff(WorkerPool pool)
    {
        using var run = new KernelRun(new HandOff(), pool, ElementType.Float32);
        (double median, double best) = Time(run.Run);
        Console.WriteLine($"hand-off between {pool.Threads} threads {median * 1e6:F2} us (best {best * 1e6:F2})");
    }

    private static void Report(BenchCase timed, WorkerPool pool)
    {
        using KernelRun run = timed.Start(pool);
        (double median, double best) = Time(run.Run);
        string pace = $"{timed.Amount / median / 1e9, 8:F2} G{timed.Unit}/s (best {timed.Amount / best / 1e9:F2})";
        Console.WriteLine($"{timed.Name, -60} {pool.Threads} threads {median * 1e6, 10:F1} us {pace}");
    }

    private static (double Median, double Best) Time(Action run)
    {
        run();
        double[] times = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            long runs = 0;
            long start = Stopwatch.GetTimestamp();
            do
            {
                run();
                runs++;
            } while (Stopwatch.GetElapsedTime(start).TotalSeconds < RoundSeconds);
            times[round] = Stopwatch.GetElapsedTime(start).TotalSeconds / runs;
        }

        Array.Sort(times);
        return (times[Rounds / 2], times[0]);
    }
}
