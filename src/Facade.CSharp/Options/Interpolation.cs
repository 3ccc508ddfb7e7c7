namespace Functional;

/// <summary>How to go from one code to another.</summary>
public enum Interpolation
{
    /// <summary>Along the straight line.</summary>
    Linear,

    /// <summary>Along the arc between the two directions, as codes of many dimensions lie near a sphere (White 2016).</summary>
    Spherical,
}
