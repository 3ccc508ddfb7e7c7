namespace Functional;

/// <summary>What a kind of model has to say about its parameters at the end of an epoch.</summary>
/// <param name="Numbers">Numbers by name.</param>
internal sealed record Description(IReadOnlyList<(string Name, double Value)> Numbers)
{
    /// <summary>Sentences for whoever watches.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
