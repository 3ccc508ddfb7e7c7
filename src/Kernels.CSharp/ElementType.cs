namespace Functional.Kernels;

/// <summary>What a buffer holds.</summary>
public enum ElementType
{
    Float32,
    Float64,
    Int32,
}

/// <summary>What is true of a type of elements.</summary>
public static class ElementTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this ElementType type) => type == ElementType.Float64 ? 8 : 4;
}
