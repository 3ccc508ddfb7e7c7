using System.Collections.Concurrent;
using Functional.Core.Engines;

namespace Functional;

/// <summary>What can compute, by name. One engine serves all models with the same number of threads.</summary>
public static class ComputeEngines
{
    internal const string Cpu = "cpu";
    internal const string Reference = "reference";
    private static readonly ConcurrentDictionary<(string Name, int Threads), Lazy<Engine>> Made = new();

    /// <summary>The names that <see cref="TrainingOptions.Engine"/> takes.</summary>
    public static IReadOnlyList<string> All { get; } = [Cpu, Reference];

    internal static Engine Get(TrainingOptions options) =>
        Made.GetOrAdd((options.Engine, options.Threads), static key => new Lazy<Engine>(() => Make(key.Name, key.Threads))).Value;

    private static Engine Make(string name, int threads)
    {
        if (name == Reference)
            return Core.Engines.Reference.engine;
        CpuOptions usual = Core.Engines.Cpu.defaults;
        return Core.Engines.Cpu.create(new CpuOptions(threads, usual.Simplify, usual.Fuse, usual.ReuseMemory));
    }
}
