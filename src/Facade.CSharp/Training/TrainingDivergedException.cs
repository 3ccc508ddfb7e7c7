namespace Functional;

/// <summary>Training stopped because a number was no longer finite, or beyond its limit. What was learnt before is in the last checkpoint.</summary>
public sealed class TrainingDivergedException : Exception
{
    internal TrainingDivergedException(string message, int step, string tensor, string? lastCheckpoint, Exception inner)
        : base(message, inner)
    {
        Step = step;
        Tensor = tensor;
        LastCheckpoint = lastCheckpoint;
    }

    /// <summary>The optimizer step, counted from 1 at the beginning of training.</summary>
    public int Step { get; }

    /// <summary>The first tensor that was not finite, or else the number beyond its limit, in words.</summary>
    public string Tensor { get; }

    /// <summary>The last file that training can go on from, or null when none was asked for.</summary>
    public string? LastCheckpoint { get; }
}
