namespace Functional.Kernels;

/// <summary>
/// Pointwise work that another kernel runs on a piece of its output right after writing it, while the piece is still in cache.
/// An epilogue is immutable and may run on many workers at once, on disjoint pieces.
/// </summary>
public abstract unsafe class Epilogue
{
    /// <summary>Bytes of memory that each worker needs for the epilogue.</summary>
    public abstract int ScratchBytes { get; }

    /// <summary>Works on elements <paramref name="start"/> to <paramref name="start"/> + <paramref name="length"/> − 1 of the output.</summary>
    /// <param name="context">the buffers of this run.</param>
    /// <param name="worker">which worker calls.</param>
    /// <param name="scratch"><see cref="ScratchBytes"/> bytes for this worker alone, at a multiple of 64.</param>
    /// <param name="start">the first element's linear index.</param>
    /// <param name="length">how many elements.</param>
    public abstract void Apply(RunContext context, int worker, byte* scratch, long start, int length);
}
