using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>How a layer's weights are drawn before training.</summary>
public sealed class Initializer : IEquatable<Initializer>
{
    private readonly Core.Initializer _initializer;

    private Initializer(Core.Initializer initializer) => _initializer = initializer;

    /// <summary>Normal with deviation √(2/inputs): keeps the variance of rectified units (He, Zhang, Ren &amp; Sun 2015).</summary>
    public static Initializer HeNormal { get; } = new(Core.Initializer.HeNormal);

    /// <summary>Uniform in ±√(6/inputs).</summary>
    public static Initializer HeUniform { get; } = new(Core.Initializer.HeUniform);

    /// <summary>Normal with deviation √(2/(inputs + outputs)): keeps the variance of linear units both ways (Glorot &amp; Bengio 2010).</summary>
    public static Initializer GlorotNormal { get; } = new(Core.Initializer.GlorotNormal);

    /// <summary>Uniform in ±√(6/(inputs + outputs)).</summary>
    public static Initializer GlorotUniform { get; } = new(Core.Initializer.GlorotUniform);

    /// <summary>Zeros.</summary>
    public static Initializer Zero { get; } = new(Core.Initializer.Zero);

    /// <summary>Normal with a deviation of more than 0.</summary>
    public static Initializer Normal(double deviation) =>
        deviation > 0 && double.IsFinite(deviation)
            ? new Initializer(Core.Initializer.NewNormalWith(deviation))
            : Core.Errors.option<Initializer>("Initializer.Normal: deviation", NumberRange.Show(deviation), "more than 0", "");

    /// <inheritdoc/>
    public bool Equals(Initializer? other) => other is not null && _initializer.Equals(other._initializer);

    /// <inheritdoc/>
    public override bool Equals(object? other) => Equals(other as Initializer);

    /// <inheritdoc/>
    public override int GetHashCode() => _initializer.GetHashCode();

    /// <summary>The name in files and on the command line: he-normal.</summary>
    public override string ToString() => Core.Init.name(_initializer);

    internal FSharpOption<Core.Initializer> ToCore() => FSharpOption<Core.Initializer>.Some(_initializer);
}
