namespace Functional;

/// <summary>What an encoder's head for the spread of a code gives.</summary>
public enum Parameterisation
{
    /// <summary>log σ².</summary>
    LogVariance,

    /// <summary>A number whose softplus is σ.</summary>
    Sigma,
}
