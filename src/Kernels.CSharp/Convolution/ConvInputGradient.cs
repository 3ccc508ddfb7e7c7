using System.Numerics;

namespace Functional.Kernels;

/// <summary>
/// The gradient of a convolution with respect to its images:
/// <c>dx[n,c,a,b] = Σ_{o,p,q} w[o,c,p,q] · dy[n,o,i,j]</c> over all i, j with <c>i·stride + p·dilation − pad = a</c> and likewise for b.
/// As it stands it is also the transposed convolution of dy.
/// </summary>
/// <remarks>
/// Rows and columns of dx with the same remainders modulo the stride see the same taps, so each pair of remainders is a
/// convolution of dy with stride 1. Where dx has many channels, each is a product of its own and no zero is multiplied;
/// where it has fewer than a register tile has rows, one product computes all pairs side by side, with zeros as weights of
/// the taps that a pair does not see.
/// </remarks>
public abstract class ConvInputGradient : Kernel
{
    private protected ConvInputGradient() { }

    /// <summary>Plans the gradient.</summary>
    /// <param name="shape">sizes of the convolution.</param>
    /// <param name="w">where the weights lie.</param>
    /// <param name="dy">where the gradient with respect to the result lies.</param>
    /// <param name="dx">where the gradient goes, all of it overwritten; it shares no memory with w or dy.</param>
    /// <exception cref="ArgumentException">sizes that no convolution has.</exception>
    public static ConvInputGradient Create(ConvShape shape, Operand w, Operand dy, Operand dx)
    {
        shape.Validate();
        return Width.Make(shape.Type, new Maker(shape, w, dy, dx));
    }

    private sealed record Maker(ConvShape Shape, Operand W, Operand Dy, Operand Dx) : IForLanes<ConvInputGradient>
    {
        public ConvInputGradient Make<TLanes, T, V>()
            where TLanes : ILanes<T, V>
            where T : unmanaged, INumber<T>
            where V : unmanaged =>
            LaneConvolution<TLanes, T, V>.Suits(Shape.Batch)
                ? new LaneInputGradient<TLanes, T, V>(Shape, W, Dy, Dx)
                : new PlaneInputGradient<TLanes, T, V>(Shape, W, Dy, Dx);
    }
}

/// <summary>The gradient of one image at a time.</summary>
internal sealed unsafe class PlaneInputGradient<TLanes, T, V> : ConvInputGradient
    where TLanes : ILanes<T, V>
    where T : unmanaged, INumber<T>
    where V : unmanaged
{
    private const int ArrangeWeights = 0;
    private const int Multiply = 1;

    private readonly ConvShape _shape;
    private readonly Operand _w;
    private readonly Operand _dy;
    private readonly Operand _dx;
    private readonly PlaneProduct<TLanes, T, V> _product;
    private readonly InputGradientPart[] _parts;
    private readonly long _groupWeights;

    public PlaneInputGradient(ConvShape shape, Operand w, Operand dy, Operand dx)
    {
        (_shape, _w, _dy, _dx) = (shape, w, dy, dx);
        RemainderAxis[] down = RemainderAxis.Of(shape.InHeight, shape.KernelHeight, shape.StrideHeight, shape.DilationHeight, shape.PadTop);
        RemainderAxis[] right = RemainderAxis.Of(shape.InWidth, shape.KernelWidth, shape.StrideWidth, shape.DilationWidth, shape.PadLeft);
        int maxColumns = BlockProduct<TLanes, T, V>.MaxColumns;
        Axis height = RemainderAxis.Axis(down, shape.OutHeight);
        Axis width = RemainderAxis.Axis(right, shape.OutWidth);
        var planes = Planes.Plan(height, width, shape.GroupOutChannels, maxColumns, sizeof(T));
        _parts = InputGradientPart.Split(shape, planes, down, right);
        _groupWeights = _parts.Sum(part => part.Weights);
        int depth = _parts.Max(part => part.Offsets.Length);
        _product = new PlaneProduct<TLanes, T, V>(planes, _parts.Max(part => part.Places.Length) * shape.GroupInChannels, depth);
    }

    public override long WorkspaceBytes => _shape.Groups * _groupWeights * sizeof(T);

    public override int ScratchBytes => _product.ScratchBytes;

    public override void Run(RunContext context)
    {
        if (_shape.GroupInChannels == 0 || _shape.InPlane == 0)
            return;
        Planes planes = _product.Planes;
        context.Pool.Run(this, context, ArrangeWeights, _shape.OutChannels);
        context.Pool.Run(this, context, Multiply, checked(_shape.Batch * _shape.Groups * planes.RowBlocks));
    }

    protected internal override void Execute(RunContext context, int phase, int task, int worker)
    {
        if (phase == ArrangeWeights)
            InputGradientPart.Arrange(_parts, _groupWeights, _shape, _w.In<T>(context), (T*)context.Workspace, task);
        else
            Compute(context, task, worker);
    }

    private void Compute(RunContext context, int task, int worker)
    {
        Planes planes = _product.Planes;
        (int rest, int block) = Math.DivRem(task, planes.RowBlocks);
        (int image, int group) = Math.DivRem(rest, _shape.Groups);
        byte* scratch = context.Scratch(worker);
        T* dy = _dy.In<T>(context) + ((long)image * _shape.OutChannels + group * _shape.GroupOutChannels) * _shape.OutPlane;
        T* dx = _dx.In<T>(context) + ((long)image * _shape.InChannels + group * _shape.GroupInChannels) * _shape.InPlane;
        T* weights = (T*)context.Workspace + group * _groupWeights;
        int first = block * planes.Rows;
        _product.Fill(dy, first, scratch);
        foreach (InputGradientPart part in _parts)
        {
            int rows = Math.Min(planes.Rows, part.Rows - first);
            if (rows > 0)
            {
                var left = new LeftColumns<TLanes, T, V>(weights, part.Height);
                _product.Run(left, part.Offsets.Address, part.Offsets.Length, rows, part.Columns, scratch);
                CopyOut(part, first, dx, scratch);
            }

            weights += part.Weights;
        }

        GC.KeepAlive(this);
    }

    private void CopyOut(InputGradientPart part, int first, T* dx, byte* scratch)
    {
        nint rowStep = (nint)_shape.StrideHeight * _shape.InWidth;
        int row = 0;
        foreach ((RemainderAxis down, RemainderAxis right) in part.Places)
        {
            int rows = Math.Min(_product.Planes.Rows, down.Positions - first);
            T* to = dx + (down.Remainder + (long)first * _shape.StrideHeight) * _shape.InWidth + right.Remainder;
            for (int channel = 0; channel < _shape.GroupInChannels; channel++, row++, to += _shape.InPlane)
                _product.CopyOut(scratch, row, rows, right.Positions, to, rowStep, _shape.StrideWidth);
        }
    }
}
