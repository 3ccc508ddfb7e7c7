namespace Functional;

/// <summary>Marks a property that is an option of training, and gives the range of its numbers.</summary>
/// <remarks>Everything else follows from it: the check, the name on the command line, and the place in files.</remarks>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionAttribute : Attribute
{
    /// <summary>The least number allowed.</summary>
    public double Least { get; init; } = double.NegativeInfinity;

    /// <summary>The greatest number allowed.</summary>
    public double Most { get; init; } = double.PositiveInfinity;

    /// <summary>Whether <see cref="Least"/> itself is not allowed.</summary>
    public bool IsAbove { get; init; }

    /// <summary>Whether the option says how to compute rather than what: results do not depend on it, so model files leave it out.</summary>
    public bool IsExecution { get; init; }

    /// <summary>The names allowed, where the option is a name.</summary>
    public string[] Names { get; init; } = [];

    internal NumberRange Range => new(Least, Most, IsAbove);
}
