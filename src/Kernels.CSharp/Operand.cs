namespace Functional.Kernels;

/// <summary>Where a kernel finds a tensor's first element: a buffer slot and a distance from the slot's address.</summary>
/// <param name="Slot">index into <see cref="RunContext.Buffers"/>.</param>
/// <param name="ByteOffset">bytes, a multiple of the element's size.</param>
public readonly record struct Operand(int Slot, long ByteOffset)
{
    /// <summary>The first element's address in this run.</summary>
    internal unsafe byte* Address(RunContext context) => (byte*)context.Buffers[Slot] + ByteOffset;
}
