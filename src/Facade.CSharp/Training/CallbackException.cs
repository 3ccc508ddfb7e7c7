namespace Functional;

/// <summary>Training stopped because a callback of the caller's failed. The last checkpoint stays as it was, and training goes on from it.</summary>
public sealed class CallbackException : Exception
{
    internal CallbackException(Callback callback, string hook, TrainingRun run, string? lastCheckpoint, Exception inner)
        : base(Describe(callback, hook, run, lastCheckpoint, inner), inner)
    {
        Callback = callback;
        LastCheckpoint = lastCheckpoint;
    }

    /// <summary>The callback that failed.</summary>
    public Callback Callback { get; }

    /// <summary>The last file that training can go on from, or null when none was asked for.</summary>
    public string? LastCheckpoint { get; }

    private static string Describe(Callback callback, string hook, TrainingRun run, string? lastCheckpoint, Exception inner)
    {
        string where = lastCheckpoint is null ? "" : $" What was learnt before is in {lastCheckpoint}.";
        return $"Callback {callback.Name}: found {inner.GetType().Name} in {hook} at step {run.Step} ({Sentence.Of(inner).TrimEnd('.')}).{where}";
    }
}
