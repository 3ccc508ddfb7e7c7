using System.Numerics;

namespace Functional.Kernels;

/// <summary>
/// The gradient of a convolution with respect to its images:
/// <c>dx[n,c,a,b] = Σ_{o,p,q} w[o,c,p,q] · dy[n,o,i,j]</c> over all i, j with <c>i·stride + p·dilation − pad = a</c> and likewise for b.
/// As it stands it is also the transposed convolution of dy.
/// </summary>
/// <remarks>
/// Rows and columns of dx with the same remainders modulo the stride see the same taps, so each pair of remainders is a
/// convolution of dy with stride 1, and no multiplication by an inserted zero is ever done.
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
            where V : unmanaged => new ConvInputGradient<TLanes, T, V>(Shape, W, Dy, Dx);
    }
}

/// <summary>The gradient for one element type and vector width.</summary>
internal sealed unsafe class ConvInputGradient<TLanes, T, V> : ConvInputGradient
    where TLanes : ILanes<T, V>
    where T : unmanaged, INumber<T>
    where V : unmanaged
{
    private const int ArrangeWeights = 0;

    private readonly ConvShape _shape;
    private readonly Operand _w;
    private readonly Operand _dy;
    private readonly Operand _dx;
    private readonly PlaneProduct<TLanes, T, V> _product;
    private readonly Remainder[] _remainders;

    public ConvInputGradient(ConvShape shape, Operand w, Operand dy, Operand dx)
    {
        (_shape, _w, _dy, _dx) = (shape, w, dy, dx);
        RemainderAxis[] down = RemainderAxis.Of(shape.InHeight, shape.KernelHeight, shape.StrideHeight, shape.DilationHeight, shape.PadTop);
        RemainderAxis[] right = RemainderAxis.Of(shape.InWidth, shape.KernelWidth, shape.StrideWidth, shape.DilationWidth, shape.PadLeft);
        int maxColumns = BlockProduct<TLanes, T, V>.MaxColumns;
        Axis height = RemainderAxis.Axis(down, shape.OutHeight);
        Axis width = RemainderAxis.Axis(right, shape.OutWidth);
        var planes = Planes.Plan(height, width, shape.GroupOutChannels, shape.Batch, maxColumns, sizeof(T));
        _remainders = [.. down.SelectMany(row => right.Select(column => new Remainder(shape, planes, row, column)))];
        int start = 0;
        foreach (Remainder remainder in _remainders)
        {
            remainder.Start = start;
            start += remainder.Offsets.Length * shape.GroupInChannels;
        }

        int depth = _remainders.Max(remainder => remainder.Offsets.Length);
        _product = new PlaneProduct<TLanes, T, V>(planes, shape.GroupInChannels, depth);
    }

    public override long WorkspaceBytes => (long)_shape.OutChannels * _shape.FilterSize * sizeof(T);

    public override int ScratchBytes => _product.ScratchBytes;

    private long GroupWeights => (long)_shape.GroupOutChannels * _shape.FilterSize;

    public override void Run(RunContext context)
    {
        if (_shape.GroupInChannels == 0 || _shape.InPlane == 0)
            return;
        Planes planes = _product.Planes;
        context.Pool.Run(this, context, ArrangeWeights, _shape.OutChannels);
        context.Pool.Run(this, context, ArrangeWeights + 1, checked(planes.ImageBlocks(_shape.Batch) * _shape.Groups * planes.RowBlocks));
    }

    protected internal override void Execute(RunContext context, int phase, int task, int worker)
    {
        if (phase == ArrangeWeights)
            Arrange(_w.In<T>(context), (T*)context.Workspace, task);
        else
            Compute(context, task, worker);
    }

    // For each pair of remainders a matrix with a row for each sum element (channel of dy, tap), a column for each channel of dx.
    private void Arrange(T* w, T* arranged, int channel)
    {
        (int group, int inGroup) = Math.DivRem(channel, _shape.GroupOutChannels);
        T* filter = w + (long)channel * _shape.FilterSize;
        foreach (Remainder remainder in _remainders)
        {
            T* to = arranged + group * GroupWeights + remainder.Start;
            to += (long)inGroup * remainder.Taps.Length * _shape.GroupInChannels;
            foreach (int tap in remainder.Taps)
            {
                for (int c = 0; c < _shape.GroupInChannels; c++)
                    to[c] = filter[c * _shape.Taps + tap];
                to += _shape.GroupInChannels;
            }
        }
    }

    private void Compute(RunContext context, int task, int worker)
    {
        Planes planes = _product.Planes;
        (int rest, int block) = Math.DivRem(task, planes.RowBlocks);
        (int imageBlock, int group) = Math.DivRem(rest, _shape.Groups);
        int image = imageBlock * planes.Images;
        int images = Math.Min(planes.Images, _shape.Batch - image);
        byte* scratch = context.Scratch(worker);
        T* dy = _dy.In<T>(context) + ((long)image * _shape.OutChannels + group * _shape.GroupOutChannels) * _shape.OutPlane;
        T* dx = _dx.In<T>(context) + ((long)image * _shape.InChannels + group * _shape.GroupInChannels) * _shape.InPlane;
        T* weights = (T*)context.Workspace + group * GroupWeights;
        int first = block * planes.Rows;
        _product.Fill(dy, _shape.OutChannels * _shape.OutPlane, images, first, scratch);
        foreach (Remainder remainder in _remainders)
        {
            int rows = Math.Min(planes.Rows, remainder.Down.Positions - first);
            if (rows <= 0 || remainder.Right.Positions == 0)
                continue;
            var left = new LeftColumns<TLanes, T, V>(weights + remainder.Start, _shape.GroupInChannels);
            OffsetTable offsets = remainder.Offsets;
            _product.Run(left, offsets.Address, offsets.Length, images, rows, remainder.Right.Positions, scratch);
            for (int i = 0; i < images; i++)
                Spread(remainder, first, rows, i, dx + i * _shape.InChannels * _shape.InPlane, scratch);
        }

        GC.KeepAlive(this);
    }

    private void Spread(Remainder remainder, int first, int rows, int image, T* dx, byte* scratch)
    {
        nint rowStep = (nint)_shape.StrideHeight * _shape.InWidth;
        T* to = dx + (long)(remainder.Down.Remainder + first * _shape.StrideHeight) * _shape.InWidth + remainder.Right.Remainder;
        for (int channel = 0; channel < _shape.GroupInChannels; channel++, to += _shape.InPlane)
            _product.CopyOut(scratch, channel, image, rows, remainder.Right.Positions, to, rowStep, _shape.StrideWidth);
    }

    /// <summary>The places of dx that share remainders, with the taps they see.</summary>
    private sealed class Remainder
    {
        public Remainder(ConvShape shape, Planes planes, RemainderAxis down, RemainderAxis right)
        {
            (Down, Right) = (down, right);
            Taps = [.. down.Taps.SelectMany(p => right.Taps.Select(q => p.Kernel * shape.KernelWidth + q.Kernel))];
            int top = -planes.Height.Origin;
            int left = -planes.Width.Origin;
            Offsets = new OffsetTable(
                from channel in Enumerable.Range(0, shape.GroupOutChannels)
                from p in down.Taps
                from q in right.Taps
                select planes.Offset(channel, p.Shift + top, q.Shift + left)
            );
        }

        public RemainderAxis Down { get; }

        public RemainderAxis Right { get; }

        public int[] Taps { get; }

        public OffsetTable Offsets { get; }

        /// <summary>Where its matrix of weights begins within those of a group.</summary>
        public int Start { get; set; }
    }
}
