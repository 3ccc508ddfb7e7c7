namespace Functional.Kernels;

/// <summary>How windows slide over images.</summary>
/// <param name="Planes">images times channels.</param>
/// <param name="Height">the vertical axis.</param>
/// <param name="Width">the horizontal axis.</param>
public readonly record struct PoolShape(int Planes, PoolAxis Height, PoolAxis Width)
{
    /// <summary>Elements of one plane of the input.</summary>
    internal long InPlane => (long)Height.Length * Width.Length;

    /// <summary>Elements of one plane of the output.</summary>
    internal long OutPlane => (long)Height.Windows * Width.Windows;
}
