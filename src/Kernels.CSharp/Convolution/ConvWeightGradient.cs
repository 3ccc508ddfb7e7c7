using System.Numerics;
using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>
/// The gradient of a convolution with respect to its weights:
/// <c>dw[o,c,p,q] = Σ_{n,i,j} dy[n,o,i,j] · x[n,c, i·stride + p·dilation − pad, j·stride + q·dilation − pad]</c>.
/// </summary>
/// <remarks>
/// Each block of positions is a product of <see cref="Planes"/> of x with dy. The blocks fall into a number of runs that the
/// shape alone decides; a run adds up its blocks in order, then the runs are added in order. Threads split runs and
/// channels, so the order of each sum does not depend on them.
/// </remarks>
public abstract class ConvWeightGradient : Kernel
{
    private protected ConvWeightGradient() { }

    /// <summary>Plans the gradient.</summary>
    /// <param name="shape">sizes of the convolution.</param>
    /// <param name="x">where the images lie.</param>
    /// <param name="dy">where the gradient with respect to the result lies.</param>
    /// <param name="dw">where the gradient goes, all of it overwritten; it shares no memory with x or dy.</param>
    /// <exception cref="ArgumentException">sizes that no convolution has.</exception>
    public static ConvWeightGradient Create(ConvShape shape, Operand x, Operand dy, Operand dw)
    {
        shape.Validate();
        return Width.Make(shape.Type, new Maker(shape, x, dy, dw));
    }

    private sealed record Maker(ConvShape Shape, Operand X, Operand Dy, Operand Dw) : IForLanes<ConvWeightGradient>
    {
        public ConvWeightGradient Make<TLanes, T, V>()
            where TLanes : ILanes<T, V>
            where T : unmanaged, INumber<T>
            where V : unmanaged => new ConvWeightGradient<TLanes, T, V>(Shape, X, Dy, Dw);
    }
}

/// <summary>The gradient for one element type and vector width.</summary>
internal sealed unsafe class ConvWeightGradient<TLanes, T, V> : ConvWeightGradient
    where TLanes : ILanes<T, V>
    where T : unmanaged, INumber<T>
    where V : unmanaged
{
    private const int SumRuns = 0;
    private const int AddRuns = 1;

    /// <summary>Runs and channels are split so that about this many tasks arise.</summary>
    private const int Tasks = 16;

    private const int MostRuns = 8;
    private const long MostRunBytes = 1 << 24;

    /// <summary>Rows of a run's sum that one task adds and transposes.</summary>
    private const int AddedRows = 16;

    private readonly ConvShape _shape;
    private readonly Operand _x;
    private readonly Operand _dy;
    private readonly Operand _dw;
    private readonly Planes _planes;
    private readonly OffsetTable _offsets;
    private readonly int _items;
    private readonly int _runs;
    private readonly int _channelParts;
    private readonly int _planeBytes;
    private readonly int _gradientBytes;
    private readonly int _workBytes;

    public ConvWeightGradient(ConvShape shape, Operand x, Operand dy, Operand dw)
    {
        (_shape, _x, _dy, _dw) = (shape, x, dy, dw);
        int maxColumns = BlockProduct<TLanes, T, V>.MaxColumns;
        Axis height = Axis.Height(shape);
        Axis width = Axis.Width(shape);
        var whole = Planes.Plan(height, width, shape.GroupInChannels, batch: 1, maxColumns, sizeof(T));
        _items = shape.OutPlane == 0 ? 0 : checked(shape.Batch * whole.RowBlocks);
        long weightBytes = Math.Max(1, (long)shape.OutChannels * shape.FilterSize * sizeof(T));
        _runs = (int)Math.Clamp(MostRunBytes / weightBytes, 1, Math.Clamp(_items, 1, MostRuns));
        _channelParts = Math.Clamp(Tasks / (_runs * shape.Groups), 1, Math.Max(1, shape.GroupInChannels));
        _planes = whole with { Channels = (shape.GroupInChannels + _channelParts - 1) / _channelParts };
        _offsets = new OffsetTable(_planes.FilterOffsets(shape));
        int positions = _planes.Columns(1, _planes.Rows, shape.OutWidth);
        _planeBytes = RoundUp(_planes.Size(BlockProduct<TLanes, T, V>.Lanes) * sizeof(T));
        _gradientBytes = RoundUp(checked(shape.GroupOutChannels * positions * sizeof(T)));
        _workBytes = RoundUp(BlockProduct<TLanes, T, V>.ScratchBytes(positions, shape.GroupOutChannels));
    }

    public override long WorkspaceBytes => _runs * RunSize * sizeof(T);

    public override int ScratchBytes => checked(_planeBytes + _gradientBytes + _workBytes);

    private long RunSize => (long)_shape.OutChannels * _shape.FilterSize;

    private int AddTasks => (_shape.FilterSize + AddedRows - 1) / AddedRows;

    public override void Run(RunContext context)
    {
        if (RunSize == 0)
            return;
        context.Pool.Run(this, context, SumRuns, checked(_runs * _shape.Groups * _channelParts));
        context.Pool.Run(this, context, AddRuns, checked(_shape.Groups * AddTasks));
    }

    protected internal override void Execute(RunContext context, int phase, int task, int worker)
    {
        if (phase == SumRuns)
            SumRun(context, task, worker);
        else
            Add((T*)context.Workspace, _dw.In<T>(context), task);
    }

    // A run's sum has a row for each (channel, tap) of a group's filter and a column for each of the group's output channels.
    private void SumRun(RunContext context, int task, int worker)
    {
        (int rest, int slice) = Math.DivRem(task, _channelParts);
        (int run, int group) = Math.DivRem(rest, _shape.Groups);
        int channel = Share.Begin(_shape.GroupInChannels, slice, _channelParts);
        int channels = Share.Begin(_shape.GroupInChannels, slice + 1, _channelParts) - channel;
        T* sum =
            (T*)context.Workspace + run * RunSize + ((long)group * _shape.FilterSize + channel * _shape.Taps) * _shape.GroupOutChannels;
        int item = Share.Begin(_items, run, _runs);
        int end = Share.Begin(_items, run + 1, _runs);
        if (item == end)
            new Span<T>(sum, channels * _shape.Taps * _shape.GroupOutChannels).Clear();
        byte* scratch = context.Scratch(worker);
        for (bool add = false; item < end; item++, add = true)
        {
            (int image, int block) = Math.DivRem(item, _planes.RowBlocks);
            int inChannel = group * _shape.GroupInChannels + channel;
            T* x = _x.In<T>(context) + ((long)image * _shape.InChannels + inChannel) * _shape.InPlane;
            T* dy = _dy.In<T>(context) + ((long)image * _shape.OutChannels + group * _shape.GroupOutChannels) * _shape.OutPlane;
            AddBlock(x, dy, block * _planes.Rows, channels, sum, add, scratch);
        }

        GC.KeepAlive(_offsets);
    }

    private void AddBlock(T* x, T* dy, int first, int channels, T* sum, bool add, byte* scratch)
    {
        int rows = Math.Min(_planes.Rows, _shape.OutHeight - first);
        int positions = _planes.Columns(1, rows, _shape.OutWidth);
        T* gradient = (T*)(scratch + _planeBytes);
        T* work = (T*)(scratch + _planeBytes + _gradientBytes);
        _planes.Fill(x, imageStride: 0, images: 1, first, channels, (T*)scratch, BlockProduct<TLanes, T, V>.Lanes);
        CopyWithGaps(dy + (long)first * _shape.OutWidth, rows, gradient, positions);
        var left = new PlaneRows<TLanes, T, V>((T*)scratch, _offsets.Address);
        var right = new RightColumns<TLanes, T, V>(gradient, positions);
        var output = new MatrixOutput<T>(sum, _shape.GroupOutChannels, _shape.GroupOutChannels);
        for (int column = 0; column < _shape.GroupOutChannels; column += BlockProduct<TLanes, T, V>.MaxColumns)
        {
            int columns = Math.Min(BlockProduct<TLanes, T, V>.MaxColumns, _shape.GroupOutChannels - column);
            var block = new Block(0, channels * _shape.Taps, column, columns);
            BlockProduct<TLanes, T, V>.Run(left, right, output, block, positions, add, work);
        }
    }

    // Lays dy out as the planes count positions; zeros in the gaps keep what the planes hold there out of the sums.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyWithGaps(T* dy, int rows, T* to, int positions)
    {
        new Span<T>(to, _shape.GroupOutChannels * positions).Clear();
        for (int channel = 0; channel < _shape.GroupOutChannels; channel++)
        {
            T* line = to + (long)channel * positions;
            T* from = dy + channel * _shape.OutPlane;
            for (int row = 0; row < rows; row++, from += _shape.OutWidth, line += _planes.Pitch)
                Line.Copy(from, line, _shape.OutWidth);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(T* runs, T* dw, int task)
    {
        (int group, int part) = Math.DivRem(task, AddTasks);
        int row = part * AddedRows;
        int rows = Math.Min(AddedRows, _shape.FilterSize - row);
        int width = _shape.GroupOutChannels;
        T* total = runs + ((long)group * _shape.FilterSize + row) * width;
        for (int run = 1; run < _runs; run++)
            AddTo(total, total + run * RunSize, (long)rows * width);
        for (int channel = 0; channel < width; channel++)
        {
            T* filter = dw + ((long)group * width + channel) * _shape.FilterSize + row;
            for (int r = 0; r < rows; r++)
                filter[r] = total[(long)r * width + channel];
        }
    }

    private static void AddTo(T* sum, T* terms, long count)
    {
        int lanes = BlockProduct<TLanes, T, V>.Lanes;
        long i = 0;
        for (; i + lanes <= count; i += lanes)
            TLanes.Store(sum + i, TLanes.Add(TLanes.Load(sum + i), TLanes.Load(terms + i)));
        for (; i < count; i++)
            sum[i] += terms[i];
    }

    private static int RoundUp(int bytes) => checked(bytes + 63) & ~63;
}
