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
            foreach ((string name, GemmShape shape) in GemmCases.All.Where(entry => Wanted(entry.Name, filters)))
            {
                using KernelRun run = GemmCases.Start(shape, pool);
                Report($"gemm {name}", threads, 2.0 * shape.M * shape.N * shape.K, Time(run.Run));
            }
        }
    }

    private static bool Wanted(string name, string[] filters) =>
        filters.Length == 0 || filters.Any(filter => name.Contains(filter, StringComparison.OrdinalIgnoreCase));

    private static void Report(string name, int threads, double operations, (double Median, double Best) seconds) =>
        Console.WriteLine(
            $"{name, -36} {threads} threads {seconds.Median * 1e6, 10:F1} us {operations / seconds.Median / 1e9, 8:F1} GFLOP/s"
                + $" (best {operations / seconds.Best / 1e9:F1})"
        );

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
