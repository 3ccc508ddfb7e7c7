using System.Numerics;

namespace Functional.Kernels;

/// <summary>The convolution of images x with weights w, with pointwise work fused behind it.</summary>
/// <remarks>
/// A product of the weights with <see cref="Planes"/> of images, block by block. The elements of a vector are pixels of different
/// images where there are enough of these (<see cref="LaneForward{TLanes,T,V}"/>), and of one image otherwise. Threads split
/// images, groups and rows of the result. The order of each sum follows from the size of a filter alone and is the same in both,
/// but where <see cref="LaneWinograd{TLanes,T,V}"/> multiplies.
/// </remarks>
public abstract class ConvForward : Kernel
{
    private protected ConvForward() { }

    /// <summary>Plans a convolution.</summary>
    /// <param name="shape">sizes.</param>
    /// <param name="x">where the images lie.</param>
    /// <param name="w">where the weights lie.</param>
    /// <param name="y">where the result lies; it shares no memory with x or w.</param>
    /// <param name="epilogue">work on each part of y as it becomes final.</param>
    /// <exception cref="ArgumentException">sizes that no convolution has.</exception>
    public static ConvForward Create(ConvShape shape, Operand x, Operand w, Operand y, Epilogue? epilogue = null)
    {
        shape.Validate();
        return Width.Make(shape.Type, new Maker(shape, x, w, y, epilogue));
    }

    private sealed record Maker(ConvShape Shape, Operand X, Operand W, Operand Y, Epilogue? Epilogue) : IForLanes<ConvForward>
    {
        public ConvForward Make<TLanes, T, V>()
            where TLanes : ILanes<T, V>
            where T : unmanaged, INumber<T>
            where V : unmanaged =>
            LaneConvolution<TLanes, T, V>.Suits(Shape.Batch)
                ? new LaneForward<TLanes, T, V>(Shape, X, W, Y, Epilogue)
                : new PlaneForward<TLanes, T, V>(Shape, X, W, Y, Epilogue);
    }
}

/// <summary>The convolution of one image at a time, with the weights as they lie.</summary>
internal sealed unsafe class PlaneForward<TLanes, T, V> : ConvForward
    where TLanes : ILanes<T, V>
    where T : unmanaged, INumber<T>
    where V : unmanaged
{
    private readonly ConvShape _shape;
    private readonly Operand _x;
    private readonly Operand _w;
    private readonly Operand _y;
    private readonly Epilogue? _epilogue;
    private readonly PlaneProduct<TLanes, T, V> _product;
    private readonly OffsetTable _offsets;

    public PlaneForward(ConvShape shape, Operand x, Operand w, Operand y, Epilogue? epilogue)
    {
        (_shape, _x, _w, _y, _epilogue) = (shape, x, w, y, epilogue);
        int maxColumns = BlockProduct<TLanes, T, V>.MaxColumns;
        var planes = Planes.Plan(Axis.Height(shape), Axis.Width(shape), shape.GroupInChannels, maxColumns, sizeof(T));
        _product = new PlaneProduct<TLanes, T, V>(planes, shape.GroupOutChannels, shape.FilterSize);
        _offsets = new OffsetTable(planes.FilterOffsets(shape));
    }

    public override int ScratchBytes => _product.ScratchBytes + (_epilogue?.ScratchBytes ?? 0);

    public override void Run(RunContext context)
    {
        Planes planes = _product.Planes;
        if (_shape.GroupOutChannels > 0 && _shape.OutPlane > 0)
            context.Pool.Run(this, context, 0, checked(_shape.Batch * _shape.Groups * planes.RowBlocks));
    }

    protected internal override void Execute(RunContext context, int phase, int task, int worker)
    {
        Planes planes = _product.Planes;
        (int rest, int block) = Math.DivRem(task, planes.RowBlocks);
        (int image, int group) = Math.DivRem(rest, _shape.Groups);
        int first = block * planes.Rows;
        int rows = Math.Min(planes.Rows, _shape.OutHeight - first);
        byte* scratch = context.Scratch(worker);
        T* x = _x.In<T>(context) + ((long)image * _shape.InChannels + group * _shape.GroupInChannels) * _shape.InPlane;
        T* w = _w.In<T>(context) + (long)group * _shape.GroupOutChannels * _shape.FilterSize;
        _product.Fill(x, first, scratch);
        var weights = new LeftRows<TLanes, T, V>(w, _shape.FilterSize);
        _product.Run(weights, _offsets.Address, _offsets.Length, rows, _shape.OutWidth, scratch);
        GC.KeepAlive(_offsets);

        T* y = _y.In<T>(context);
        var after = new EpilogueCall(_epilogue, context, worker, scratch + _product.ScratchBytes, 0);
        for (int channel = 0; channel < _shape.GroupOutChannels; channel++)
        {
            long plane = (long)image * _shape.OutChannels + group * _shape.GroupOutChannels + channel;
            long start = plane * _shape.OutPlane + (long)first * _shape.OutWidth;
            _product.CopyOut(scratch, channel, rows, _shape.OutWidth, y + start, _shape.OutWidth, 1);
            if (after.Wanted)
                after.Apply(start, rows * _shape.OutWidth);
        }
    }
}
