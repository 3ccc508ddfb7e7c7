namespace Functional.Kernels;

/// <summary>What a buffer holds.</summary>
public enum ElementType
{
    Float32,
    Float64,
    Int32,
}
