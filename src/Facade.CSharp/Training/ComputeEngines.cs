using System.Collections.Concurrent;
using Functional.Core.Engines;

namespace Functional;

/// <summary>What can compute, by name. One engine serves all models with the same number of threads.</summary>
public static class ComputeEngines
{
    internal const string Default = "cpu";
    private const string Reference = "reference";
    private static readonly ConcurrentDictionary<(string Name, int Threads), Lazy<Engine>> Made = new();

    /// <summary>The names that <see cref="TrainingOptions.Engine"/> takes.</summary>
    public static IReadOnlyList<string> All { get; } = [Default, Reference];

    internal static void Check(string name)
    {
        if (!All.Contains(name))
            Core.Errors.option<Engine>("Engine", $"'{name}'", $"one of {string.Join(", ", All)}", Core.Suggest.fix(All, name));
    }

    internal static Engine Get(TrainingOptions options) =>
        Made.GetOrAdd((options.Engine, options.Threads), static key => new Lazy<Engine>(() => Make(key.Name, key.Threads))).Value;

    private static Engine Make(string name, int threads)
    {
        if (name == Reference)
            return Core.Engines.Reference.engine;
        CpuOptions usual = Cpu.defaults;
        return Cpu.create(new CpuOptions(threads, usual.Simplify, usual.Fuse, usual.ReuseMemory));
    }
}
