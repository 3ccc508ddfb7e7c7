using System.Numerics;

namespace Functional.Kernels;

/// <summary>The gradient of as many images at a time as a vector has elements.</summary>
internal sealed unsafe class LaneInputGradient<TLanes, T, V> : ConvInputGradient, ISliced
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
    private readonly LaneConvolution<TLanes, T, V> _lanes;
    private readonly InputGradientPart[] _parts;
    private readonly long _groupWeights;

    public LaneInputGradient(ConvShape shape, Operand w, Operand dy, Operand dx)
    {
        (_shape, _w, _dy, _dx) = (shape, w, dy, dx);
        RemainderAxis[] down = RemainderAxis.Of(shape.InHeight, shape.KernelHeight, shape.StrideHeight, shape.DilationHeight, shape.PadTop);
        RemainderAxis[] right = RemainderAxis.Of(shape.InWidth, shape.KernelWidth, shape.StrideWidth, shape.DilationWidth, shape.PadLeft);
        var planes = new Planes(
            RemainderAxis.Axis(down, shape.OutHeight),
            RemainderAxis.Axis(right, shape.OutWidth),
            shape.GroupOutChannels,
            Rows: 1,
            Images: 1
        );
        InputGradientPart[] Split(Planes planes) => InputGradientPart.Split(shape, planes, down, right);
        LaneTarget target = Target(shape, Split(planes));
        _lanes = new LaneConvolution<TLanes, T, V>(planes, planes => [.. Split(planes).Select(Part)], target, shape.Batch, shape.Groups);
        _parts = Split(_lanes.Planes);
        _groupWeights = _parts.Sum(part => part.Weights);
    }

    public override long WorkspaceBytes => _shape.Groups * _groupWeights * sizeof(T);

    public override int ScratchBytes => _lanes.ScratchBytes;

    public override void Run(RunContext context)
    {
        if (_shape.GroupInChannels == 0 || _shape.InPlane == 0)
            return;
        context.Pool.Run(this, context, ArrangeWeights, _shape.OutChannels);
        context.Pool.Run(this, context, Multiply, _lanes.Tasks);
    }

    protected internal override void Execute(RunContext context, int phase, int task, int worker)
    {
        T* weights = (T*)context.Workspace;
        if (phase == ArrangeWeights)
            InputGradientPart.Arrange(_parts, _groupWeights, _shape, _w.In<T>(context), weights, task);
        else
            _lanes.Run(_dy.In<T>(context), weights, _dx.In<T>(context), task, context.Scratch(worker), default);
    }

    int ISliced.Preparations => _shape.OutChannels;

    void ISliced.Prepare(RunContext context, byte* workspace, int task) =>
        InputGradientPart.Arrange(_parts, _groupWeights, _shape, _w.In<T>(context), (T*)workspace, task);

    void ISliced.RunSlice(RunContext context, byte* workspace, Slice slice, int worker) =>
        _lanes.RunSlice(_dy.In<T>(context), (T*)workspace, _dx.In<T>(context), slice, context.Scratch(worker), default);

    private static LanePart Part(InputGradientPart part) =>
        new(
            part.Height,
            part.Rows,
            part.Columns,
            new OffsetTable(part.Offsets.Values.Select(offset => offset * LaneConvolution<TLanes, T, V>.Lanes))
        );

    // A pixel with certain remainders is made by the part that has its place.
    private static LaneTarget Target(ConvShape shape, InputGradientPart[] parts)
    {
        var sources = new (int, int)[shape.StrideHeight, shape.StrideWidth];
        for (int part = 0; part < parts.Length; part++)
        for (int place = 0; place < parts[part].Places.Length; place++)
        {
            (RemainderAxis down, RemainderAxis right) = parts[part].Places[place];
            sources[down.Remainder, right.Remainder] = (part, place * shape.GroupInChannels);
        }

        return new LaneTarget(shape.GroupInChannels, shape.InHeight, shape.InWidth, shape.StrideHeight, shape.StrideWidth, sources);
    }
}
