using System.Diagnostics;
using Functional.Kernels;

namespace Functional.Bench;

/// <summary>Medians within seconds, for the work between two measurements that count.</summary>
internal static class Quick
{
    private const int Rounds = 15;
    private const double RoundSeconds = 0.012;

    public static void Run(string[] filters)
    {
        foreach (int threads in (int[])[1, 2])
        {
            using var pool = new WorkerPool(threads);
            if (threads > 1 && Wanted("hand-off", filters))
                TimeHandOff(pool);
            foreach ((string name, GemmShape shape) in GemmCases.All)
                if (Wanted($"gemm {name}", filters))
                    Report($"gemm {name}", pool, 2.0 * shape.M * shape.N * shape.K, GemmCases.Start(shape, pool));
            foreach ((string name, ConvShape shape) in ConvCases.All)
            foreach (ConvPart part in Enum.GetValues<ConvPart>())
                if (Wanted($"conv {name} {part}", filters))
                    Report($"conv {name} {part}", pool, ConvCases.Operations(shape), ConvCases.Start(shape, part, pool));
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

    private static void Report(string name, WorkerPool pool, double operations, KernelRun run)
    {
        using (run)
        {
            (double median, double best) = Time(run.Run);
            string speed = $"{operations / median / 1e9, 8:F1} GFLOP/s (best {operations / best / 1e9:F1})";
            Console.WriteLine($"{name, -56} {pool.Threads} threads {median * 1e6, 10:F1} us {speed}");
        }
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
