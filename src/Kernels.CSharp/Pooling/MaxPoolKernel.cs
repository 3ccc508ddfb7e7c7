using System.Numerics;

namespace Functional.Kernels;

/// <summary>What the two kernels around max pooling share: the maximum of each window of x decides, planes are independent.</summary>
public abstract unsafe class MaxPoolKernel : NumericKernel
{
    private readonly PoolShape _shape;
    private readonly MaxSearch _search;
    private readonly MaxQuads? _quads;
    private readonly Operand _x;
    private readonly Operand _values;
    private readonly Operand _output;
    private readonly WorkSplit _split;

    private protected MaxPoolKernel(ElementType type, PoolShape shape, Operand x, Operand values, Operand output)
        : base(type)
    {
        _shape = shape;
        _search = new MaxSearch(shape);
        _quads = MaxQuads.For(type, shape);
        _x = x;
        _values = values;
        _output = output;
        _split = WorkSplit.OfUnits(shape.Planes, Math.Max(shape.InPlane, shape.OutPlane));
    }

    /// <inheritdoc/>
    public sealed override void Run(RunContext context) => _split.Run(this, context);

    private protected sealed override void Execute<T>(RunContext context, int phase, int task)
    {
        T* x = _x.In<T>(context);
        T* values = _values.In<T>(context);
        T* output = _output.In<T>(context);
        (long first, long end) = _split.Range(task);
        for (long plane = first; plane < end; plane++)
            Plane(_shape, _search, _quads, x + plane * _shape.InPlane, values, output, plane);
    }

    /// <summary>Does one plane; <paramref name="x"/> is that plane's, the other two are the first plane's.</summary>
    /// <param name="search">finds maxima of any windows.</param>
    /// <param name="quads">does the same faster, where windows are of 2 × 2.</param>
    private protected abstract void Plane<T>(in PoolShape shape, MaxSearch search, MaxQuads? quads, T* x, T* values, T* output, long plane)
        where T : unmanaged, INumber<T>;
}
