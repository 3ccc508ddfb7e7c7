using System.Collections;

namespace Functional;

/// <summary>What an epoch came to.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Step">Optimizer steps since the beginning.</param>
/// <param name="Seconds">How long its steps took.</param>
/// <param name="Values">Numbers by name, in order; held-out ones start with <c>val_</c>.</param>
public sealed record EpochMetrics(int Epoch, int Step, double Seconds, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>The number called <paramref name="name"/>.</summary>
    /// <exception cref="KeyNotFoundException">there is no such number.</exception>
    public double this[string name] => Values[name];
}

/// <summary>The epochs of a training in order.</summary>
public sealed class History : IReadOnlyList<EpochMetrics>
{
    private readonly IReadOnlyList<EpochMetrics> _epochs;

    internal History(IEnumerable<EpochMetrics> epochs) => _epochs = [.. epochs];

    /// <summary>No epochs.</summary>
    public static History Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _epochs.Count;

    /// <inheritdoc/>
    public EpochMetrics this[int index] => _epochs[index];

    /// <summary>One number over the epochs that report it, such as <c>val_loss</c>.</summary>
    /// <exception cref="KeyNotFoundException">no epoch has such a number.</exception>
    public IReadOnlyList<double> this[string name] =>
        _epochs.Where(epoch => epoch.Values.ContainsKey(name)).Select(epoch => epoch[name]).ToArray() is { Length: > 0 } found
            ? found
            : throw new KeyNotFoundException(
                $"History: found no '{name}' in {_epochs.Count} epochs, expected a number that one of them reports."
            );

    /// <inheritdoc/>
    public IEnumerator<EpochMetrics> GetEnumerator() => _epochs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
