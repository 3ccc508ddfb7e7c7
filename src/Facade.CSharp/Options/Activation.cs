namespace Functional;

/// <summary>A nonlinearity between layers.</summary>
public enum Activation
{
    /// <summary>x.</summary>
    Linear,

    /// <summary>x, or 0 below 0.</summary>
    Relu,

    /// <summary>x, or 0.01·x below 0.</summary>
    LeakyRelu,

    /// <summary>x, or eˣ − 1 below 0 (Clevert, Unterthiner &amp; Hochreiter 2016).</summary>
    Elu,

    /// <summary>1/(1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary>x·sigmoid(x).</summary>
    Swish,

    /// <summary>log(1 + eˣ).</summary>
    Softplus,

    /// <summary>eˣ / Σ eˣ over the last axis.</summary>
    Softmax,
}

internal static class ActivationText
{
    public static Core.Activation ToCore(this Activation activation) => Core.ActivationModule.ofName(Names.Kebab(activation.ToString()));
}
