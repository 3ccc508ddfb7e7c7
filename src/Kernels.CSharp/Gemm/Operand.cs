using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>Where a kernel finds a matrix or an image: a buffer slot and the place in that buffer.</summary>
/// <param name="Slot">index into <see cref="RunContext.Buffers"/>.</param>
/// <param name="ByteOffset">bytes from the start of the buffer.</param>
public readonly record struct Operand(int Slot, long ByteOffset = 0)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal unsafe T* In<T>(RunContext context)
        where T : unmanaged => (T*)((byte*)context.Buffers[Slot] + ByteOffset);
}
