namespace Functional.Kernels;

/// <summary>Pointwise work on the result of a product, done on each part while it is still in cache.</summary>
public abstract unsafe class Epilogue
{
    /// <summary>Bytes of memory that <see cref="Apply"/> needs for each worker.</summary>
    public abstract int ScratchBytes { get; }

    /// <summary>Reads and may overwrite elements of the result that are final. Every element is seen once, by one worker.</summary>
    /// <param name="context">the buffers of this run.</param>
    /// <param name="worker">the worker that calls.</param>
    /// <param name="scratch">this worker's memory, a multiple of 64.</param>
    /// <param name="start">first element, counted over the whole result, batch included.</param>
    /// <param name="length">how many elements follow each other.</param>
    public abstract void Apply(RunContext context, int worker, byte* scratch, long start, int length);
}
