namespace Functional.Kernels;

/// <summary>Where a kernel finds the first element of what it reads or writes: a buffer slot and a distance into that buffer.</summary>
/// <param name="Slot">index into <see cref="RunContext.Buffers"/>.</param>
/// <param name="ByteOffset">bytes from the buffer's start, a multiple of the element's size.</param>
public readonly record struct Operand(int Slot, long ByteOffset = 0)
{
    /// <summary>The first element's address in a run.</summary>
    internal unsafe T* In<T>(RunContext context)
        where T : unmanaged => (T*)((byte*)context.Buffers[Slot] + ByteOffset);
}
