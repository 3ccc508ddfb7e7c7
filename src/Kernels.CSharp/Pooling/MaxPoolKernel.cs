using System.Numerics;

namespace Functional.Kernels;

/// <summary>What the two kernels around max pooling share: the maximum of each window of x decides, planes are independent.</summary>
public abstract unsafe class MaxPoolKernel : Kernel
{
    private readonly ElementType _type;
    private readonly PoolShape _shape;
    private readonly MaxSearch _search;
    private readonly Operand _x;
    private readonly Operand _values;
    private readonly Operand _output;
    private readonly WorkSplit _split;

    private protected MaxPoolKernel(ElementType type, PoolShape shape, Operand x, Operand values, Operand output)
    {
        _type = type;
        _shape = shape;
        _search = new MaxSearch(shape);
        _x = x;
        _values = values;
        _output = output;
        _split = WorkSplit.OfUnits(shape.Planes, Math.Max(shape.InPlane, shape.OutPlane));
    }

    /// <inheritdoc/>
    public sealed override void Run(RunContext context) => _split.Run(this, context);

    /// <inheritdoc/>
    protected internal sealed override void Execute(RunContext context, int phase, int task, int worker)
    {
        switch (_type)
        {
            case ElementType.Float32:
                Execute<float>(context, task);
                break;
            case ElementType.Float64:
                Execute<double>(context, task);
                break;
            case ElementType.Int32:
                Execute<int>(context, task);
                break;
        }
    }

    private void Execute<T>(RunContext context, int task)
        where T : unmanaged, INumber<T>
    {
        var x = (T*)_x.Address(context);
        var values = (T*)_values.Address(context);
        var output = (T*)_output.Address(context);
        (long first, long end) = _split.Range(task);
        for (long plane = first; plane < end; plane++)
            Plane(_shape, _search, x + plane * _shape.InPlane, values, output, plane);
    }

    /// <summary>Does one plane; <paramref name="x"/> is that plane's, the other two are the first plane's.</summary>
    private protected abstract void Plane<T>(in PoolShape shape, MaxSearch search, T* x, T* values, T* output, long plane)
        where T : unmanaged, INumber<T>;
}
