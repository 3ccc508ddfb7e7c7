using System.Numerics;

namespace Functional.Kernels;

/// <summary>A kernel that calculates in one of the three element types and is written once for all of them.</summary>
public abstract class NumericKernel : Kernel
{
    private readonly ElementType _type;

    private protected NumericKernel(ElementType type)
    {
        _type = type;
    }

    /// <inheritdoc/>
    protected internal sealed override void Execute(RunContext context, int phase, int task, int worker)
    {
        switch (_type)
        {
            case ElementType.Float32:
                Execute<float>(context, phase, task);
                break;
            case ElementType.Float64:
                Execute<double>(context, phase, task);
                break;
            case ElementType.Int32:
                Execute<int>(context, phase, task);
                break;
        }
    }

    /// <summary>Does one task on elements of type <typeparamref name="T"/>.</summary>
    private protected abstract void Execute<T>(RunContext context, int phase, int task)
        where T : unmanaged, INumber<T>;
}
