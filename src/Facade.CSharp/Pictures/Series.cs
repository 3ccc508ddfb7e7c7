namespace Functional;

/// <summary>Points that belong together on a chart.</summary>
/// <param name="Name">What the legend calls them.</param>
/// <param name="X">Where they lie from left to right.</param>
/// <param name="Y">Where they lie from below to above; as many as <paramref name="X"/>.</param>
public sealed record Series(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y);
