namespace Functional;

/// <summary>Whether less or more of a watched number is better.</summary>
public enum MonitorMode
{
    /// <summary>
    /// By the number's name: more of accuracies, likelihoods, explained variance, signal-to-noise ratios and active units, less of
    /// everything else.
    /// </summary>
    Auto,

    /// <summary>Less is better.</summary>
    Min,

    /// <summary>More is better.</summary>
    Max,
}

/// <summary>The core's view of what is watched.</summary>
internal static class MonitorModes
{
    public static Core.Monitor Watch(this MonitorMode mode, string metric, double minDelta) =>
        new(
            metric,
            mode switch
            {
                MonitorMode.Min => Core.MonitorMode.Min,
                MonitorMode.Max => Core.MonitorMode.Max,
                _ => Core.MonitorMode.Auto,
            },
            minDelta
        );
}
