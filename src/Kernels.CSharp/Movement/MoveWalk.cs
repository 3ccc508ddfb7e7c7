namespace Functional.Kernels;

/// <summary>Visits the positions of nested loops in order, the last axis fastest, and keeps the offsets of source and target.</summary>
internal ref struct MoveWalk
{
    private readonly ReadOnlySpan<MoveAxis> _axes;
    private readonly Span<long> _steps;

    /// <summary>Starts at the position with the given number in row-major order.</summary>
    /// <param name="axes">the loops, none of length 0.</param>
    /// <param name="steps">memory for one number an axis.</param>
    /// <param name="position">0 to the product of the lengths − 1.</param>
    public MoveWalk(ReadOnlySpan<MoveAxis> axes, Span<long> steps, long position)
    {
        _axes = axes;
        _steps = steps;
        for (int i = axes.Length - 1; i >= 0; i--)
        {
            (position, steps[i]) = Math.DivRem(position, axes[i].Length);
            Source += steps[i] * axes[i].Source;
            Target += steps[i] * axes[i].Target;
        }
    }

    /// <summary>Where this position lies in the source, in elements from its start.</summary>
    public long Source { get; private set; }

    /// <summary>Where this position lies in the target.</summary>
    public long Target { get; private set; }

    /// <summary>How far the walk is along an axis.</summary>
    public readonly long Step(int axis) => _steps[axis];

    /// <summary>Goes to the next position; after the last comes the first.</summary>
    public void Next()
    {
        for (int i = _axes.Length - 1; i >= 0; i--)
        {
            MoveAxis axis = _axes[i];
            Source += axis.Source;
            Target += axis.Target;
            if (++_steps[i] < axis.Length)
                return;
            _steps[i] = 0;
            Source -= axis.Length * axis.Source;
            Target -= axis.Length * axis.Target;
        }
    }
}
