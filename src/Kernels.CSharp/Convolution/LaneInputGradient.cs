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
            Rows: 1
        );
        InputGradientPart[] Split(Planes planes) => InputGradientPart.Split(shape, planes, down, right);
        LaneTarget target = Target(shape, Split(planes));
        bool isWinograd = LaneWinograd<TLanes, T, V>.Suits(shape);
        LanePart[] Parts(Planes planes) =>
            [
                .. Split(planes)
                    .Select(part =>
                        isWinograd ? Part(part) with { Rows = planes.Height.Positions, Columns = planes.Width.Positions } : Part(part)
                    ),
            ];
        _lanes = new LaneConvolution<TLanes, T, V>(planes, Parts, target, shape.Batch, shape.Groups, isWinograd);
        _parts = Split(_lanes.Planes);
        _groupWeights = _parts.Sum(part => part.Weights);
    }

    public override long WorkspaceBytes =>
        _shape.Groups * (_lanes.GroupWeights + (_lanes.TransformsWeights ? _groupWeights : 0)) * sizeof(T);

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
            Arrange(_w.In<T>(context), weights, task);
        else
            _lanes.Run(_dy.In<T>(context), weights, _dx.In<T>(context), task, context.Scratch(worker), default);
    }

    int ISliced.Preparations => _shape.OutChannels;

    void ISliced.Prepare(RunContext context, byte* workspace, int task) => Arrange(_w.In<T>(context), (T*)workspace, task);

    void ISliced.RunSlice(RunContext context, byte* workspace, Slice slice, int worker) =>
        _lanes.RunSlice(_dy.In<T>(context), (T*)workspace, _dx.In<T>(context), slice, context.Scratch(worker), default);

    private void Arrange(T* w, T* weights, int channel)
    {
        if (!_lanes.TransformsWeights)
        {
            InputGradientPart.Arrange(_parts, _groupWeights, _shape, w, weights, channel);
            return;
        }

        T* arranged = weights + _shape.Groups * _lanes.GroupWeights;
        InputGradientPart.Arrange(_parts, _groupWeights, _shape, w, arranged, channel);
        (int group, int inGroup) = Math.DivRem(channel, _shape.GroupOutChannels);
        T* taps = arranged + group * _groupWeights + inGroup * (_groupWeights / _shape.GroupOutChannels);
        _lanes.TransformWeights(taps, weights + group * _lanes.GroupWeights, inGroup, 1);
    }

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
