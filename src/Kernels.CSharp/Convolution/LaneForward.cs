using System.Numerics;

namespace Functional.Kernels;

/// <summary>The convolution of as many images at a time as a vector has elements.</summary>
internal sealed unsafe class LaneForward<TLanes, T, V> : ConvForward, ISliced
    where TLanes : ILanes<T, V>
    where T : unmanaged, INumber<T>
    where V : unmanaged
{
    private const int ArrangeWeights = 0;
    private const int Multiply = 1;
    private const int Finish = 2;

    /// <summary>Channels whose weights one task arranges.</summary>
    private const int ArrangedChannels = 8;

    private readonly ConvShape _shape;
    private readonly Operand _x;
    private readonly Operand _w;
    private readonly Operand _y;
    private readonly Epilogue? _epilogue;
    private readonly LaneConvolution<TLanes, T, V> _lanes;
    private readonly int _height;

    public LaneForward(ConvShape shape, Operand x, Operand w, Operand y, Epilogue? epilogue)
    {
        (_shape, _x, _w, _y, _epilogue) = (shape, x, w, y, epilogue);
        _height = (shape.GroupOutChannels + 3) / 4 * 4;
        var planes = new Planes(Axis.Height(shape), Axis.Width(shape), shape.GroupInChannels, Rows: 1);
        var target = new LaneTarget(
            shape.GroupOutChannels,
            shape.OutHeight,
            shape.OutWidth,
            1,
            1,
            new[,]
            {
                { (0, 0) },
            }
        );
        _lanes = new LaneConvolution<TLanes, T, V>(
            planes,
            Parts,
            target,
            shape.Batch,
            shape.Groups,
            LaneWinograd<TLanes, T, V>.Suits(shape)
        );
    }

    public override long WorkspaceBytes => _shape.Groups * (_lanes.GroupWeights + (_lanes.TransformsWeights ? Arranged : 0)) * sizeof(T);

    public override int ScratchBytes => _lanes.ScratchBytes + (_epilogue?.ScratchBytes ?? 0);

    private int ArrangeTasks => (_shape.GroupInChannels + ArrangedChannels - 1) / ArrangedChannels;

    /// <summary>Elements of a group's weights, arranged.</summary>
    private long Arranged => (long)_shape.FilterSize * _height;

    public override void Run(RunContext context)
    {
        if (_shape.GroupOutChannels == 0 || _shape.OutPlane == 0)
            return;
        context.Pool.Run(this, context, ArrangeWeights, _shape.Groups * ArrangeTasks);
        context.Pool.Run(this, context, Multiply, _lanes.Tasks);
        if (_epilogue != null && !_lanes.FinishesImages)
            context.Pool.Run(this, context, Finish, checked(_shape.Batch * _shape.Groups));
    }

    protected internal override void Execute(RunContext context, int phase, int task, int worker)
    {
        T* weights = (T*)context.Workspace;
        byte* scratch = context.Scratch(worker);
        var after = new EpilogueCall(_epilogue, context, worker, scratch + _lanes.ScratchBytes, 0);
        switch (phase)
        {
            case ArrangeWeights:
                Arrange(_w.In<T>(context), weights, task);
                break;
            case Multiply:
                _lanes.Run(_x.In<T>(context), weights, _y.In<T>(context), task, scratch, _lanes.FinishesImages ? after : default);
                break;
            case Finish:
                int size = checked((int)(_shape.GroupOutChannels * _shape.OutPlane));
                after.Apply((long)task * size, size);
                break;
        }
    }

    int ISliced.Preparations => _shape.Groups * ArrangeTasks;

    void ISliced.Prepare(RunContext context, byte* workspace, int task) => Arrange(_w.In<T>(context), (T*)workspace, task);

    void ISliced.RunSlice(RunContext context, byte* workspace, Slice slice, int worker)
    {
        byte* scratch = context.Scratch(worker);
        var after = new EpilogueCall(_epilogue, context, worker, scratch + _lanes.ScratchBytes, 0);
        _lanes.RunSlice(_x.In<T>(context), (T*)workspace, _y.In<T>(context), slice, scratch, after);
    }

    private LanePart[] Parts(Planes planes)
    {
        var offsets = new OffsetTable(planes.FilterOffsets(_shape).Select(offset => offset * LaneConvolution<TLanes, T, V>.Lanes));
        return [new LanePart(_height, planes.Height.Positions, planes.Width.Positions, offsets)];
    }

    // A row for each element of a sum and a column for each output channel. What fills up the last quad of columns may be anything.
    private void Arrange(T* w, T* weights, int task)
    {
        (int group, int part) = Math.DivRem(task, ArrangeTasks);
        int channel = part * ArrangedChannels;
        int channels = Math.Min(ArrangedChannels, _shape.GroupInChannels - channel);
        int first = channel * _shape.Taps;
        T* from = w + (long)group * _shape.GroupOutChannels * _shape.FilterSize + first;
        T* own = weights + group * _lanes.GroupWeights;
        T* to = (_lanes.TransformsWeights ? weights + _shape.Groups * _lanes.GroupWeights + group * Arranged : own) + (long)first * _height;
        Transposition.Copy(from, _shape.FilterSize, to, _height, channels * _shape.Taps, _shape.GroupOutChannels);
        if (_lanes.TransformsWeights)
            _lanes.TransformWeights(to, own, channel, channels);
    }
}
