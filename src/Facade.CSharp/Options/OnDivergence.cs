namespace Functional;

/// <summary>What is done when a training diverges.</summary>
public enum OnDivergence
{
    /// <summary>It ends; what was learnt before is in the last checkpoint.</summary>
    Stop,

    /// <summary>
    /// It goes back to the beginning of the epoch and on with half the rate; it ends when a thousandth of the rate has not helped either.
    /// </summary>
    Rollback,
}

internal static class OnDivergenceForms
{
    public static Core.OnDivergence ToCore(this OnDivergence action) =>
        action switch
        {
            OnDivergence.Stop => Core.OnDivergence.Stop,
            _ => Core.OnDivergence.Rollback,
        };
}
