namespace Functional.Kernels.Draw;

/// <summary>What a draw consists of. Element i depends on the key and on i alone.</summary>
public enum DrawKind
{
    /// <summary>32 random bits, as int32.</summary>
    Bits32,

    /// <summary>A number in [0, 1): a multiple of 2⁻²⁴ in float32, of 2⁻⁵³ in float64.</summary>
    Uniform,

    /// <summary>A standard normal number (Box–Muller).</summary>
    Normal,
}
