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

    /// <summary>What a block's images take: they and a run's sum fit into a second-level cache.</summary>
    private const int BlockBytes = 1 << 18;

    /// <summary>Runs, groups and channels are split so that about this many tasks arise.</summary>
    private const int Tasks = 8;

    /// <summary>Positions below which a run does not pay: its sum must be written and added.</summary>
    private const int RunPositions = 128;

    private const long MostRunBytes = 1 << 24;

    private readonly ConvShape _shape;
    private readonly Operand _still;
    private readonly Operand _moved;
    private readonly Operand _dw;
    private readonly Correlation _correlation;
    private readonly Windows<TLanes, T, V> _windows;
    private readonly OffsetTable _offsets;
    private readonly int _runs;
    private readonly int _channelParts;
    private readonly int _rows;
    private readonly int _rowBlocks;
    private readonly int _images;
    private readonly int _items;
    private readonly int _stillChannels;
    private readonly int _windowBytes;
    private readonly int _stillBytes;
    private readonly int _fillBytes;
    private readonly int _productBytes;

    public ConvWeightGradient(ConvShape shape, Operand x, Operand dy, Operand dw)
    {
        _shape = shape;
        _windows = Windows<TLanes, T, V>.Plan(shape);
        _correlation = _windows.Correlation;
        (_still, _moved, _dw) = _correlation.Exchanged ? (x, dy, dw) : (dy, x, dw);
        int height = shape.OutPlane == 0 || shape.InPlane == 0 ? 0 : _correlation.Height.Positions;
        long positions = (long)shape.Batch * height * _correlation.Width.Positions;
        _runs = (int)Math.Clamp(Math.Min(positions / RunPositions, MostRunBytes / Math.Max(1, RunSize * sizeof(T))), 1, Tasks);
        int quads = (_correlation.Still + 3) / 4;
        _channelParts = Math.Clamp(Tasks / (_runs * shape.Groups), 1, Math.Max(1, quads / BlockProduct<TLanes, T, V>.Height * 4));
        _stillChannels = 4 * ((quads + _channelParts - 1) / _channelParts);

        _rowBlocks = Math.Min(Math.Max(1, height), (_runs + Math.Max(1, shape.Batch) - 1) / Math.Max(1, shape.Batch));
        while (_rowBlocks < height && ImageBytes(RowsIn(height, _rowBlocks)) > BlockBytes)
            _rowBlocks++;
        _rows = RowsIn(height, _rowBlocks);
        _rowBlocks = RowsIn(height, Math.Max(1, _rows));
        _items = checked(shape.Batch * _rowBlocks);
        _images = _rowBlocks == 1 ? (int)Math.Clamp(BlockBytes / ImageBytes(_rows), 1, Math.Max(1, shape.Batch / _runs)) : 1;
        _offsets = new OffsetTable(
            from image in Enumerable.Range(0, _images)
            from row in Enumerable.Range(0, _rows)
            from column in Enumerable.Range(0, _correlation.Width.Positions)
            select image * _windows.ImageSize(_rows) + row * _windows.RowStep + column * _windows.PositionStep
        );
        _windowBytes = RoundUp(checked((_images * _windows.ImageSize(_rows) + BlockProduct<TLanes, T, V>.Lanes) * sizeof(T)));
        _stillBytes = RoundUp(checked(_offsets.Length * _stillChannels * sizeof(T)));
        _fillBytes = RoundUp(checked(_windows.WorkSize(_rows) * sizeof(T)));
        _productBytes = RoundUp(BlockProduct<TLanes, T, V>.ScratchBytes(_offsets.Length, 0));
    }

    public override long WorkspaceBytes => _runs * RunSize * sizeof(T);

    public override int ScratchBytes => checked(_windowBytes + _stillBytes + _fillBytes + _productBytes);

    /// <summary>Elements of a row of a run's sum: the pieces of one still channel.</summary>
    private int SumPitch => checked(_windows.Pieces * _windows.PiecePitch);

    private long GroupSize => (long)((_correlation.Still + 3) & ~3) * SumPitch;

    private long RunSize => _shape.Groups * GroupSize;

    public override void Run(RunContext context)
    {
        if ((long)_shape.OutChannels * _shape.FilterSize == 0)
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

    // A run's sum has a row for each still channel and a column for each element of the pieces.
    private void SumRun(RunContext context, int task, int worker)
    {
        (int rest, int part) = Math.DivRem(task, _channelParts);
        (int run, int group) = Math.DivRem(rest, _shape.Groups);
        int channel = part * _stillChannels;
        int channels = Math.Min(_stillChannels, _correlation.Still - channel);
        if (channels <= 0)
            return;
        T* sum = (T*)context.Workspace + run * RunSize + group * GroupSize + (long)channel * SumPitch;
        int item = Share.Begin(_items, run, _runs);
        int end = Share.Begin(_items, run + 1, _runs);
        if (item == end)
            new Span<T>(sum, ((channels + 3) & ~3) * SumPitch).Clear();
        byte* scratch = context.Scratch(worker);
        T* windows = (T*)scratch;
        T* still = (T*)(scratch + _windowBytes);
        T* work = (T*)(scratch + _windowBytes + _stillBytes);
        new Span<T>(windows, _windowBytes / sizeof(T)).Clear();
        for (bool add = false; item < end; item += _images, add = true)
        {
            int images = Math.Min(_images, end - item);
            (int image, int block) = Math.DivRem(item, _rowBlocks);
            int first = block * _rows;
            int rows = Math.Min(_rows, _correlation.Height.Positions - first);
            if (_rowBlocks > 1)
                new Span<T>(windows, _windowBytes / sizeof(T)).Clear();
            int depth = rows * _correlation.Width.Positions;
            for (int i = 0; i < images; i++)
            {
                T* moved = Image(
                    _moved.In<T>(context),
                    image + i,
                    group,
                    _correlation.Moved,
                    _correlation.Height.Source * _correlation.Width.Source
                );
                _windows.Fill(moved, first, rows, windows + i * _windows.ImageSize(_rows), work);
                T* plane = Image(_still.In<T>(context), image + i, group, _correlation.Still, _correlation.Positions);
                var planes = new RightColumns<TLanes, T, V>(
                    plane + (long)channel * _correlation.Positions + first * _correlation.Width.Positions,
                    _correlation.Positions
                );
                planes.Read(0, channels, _stillChannels, 0, depth, still + i * depth * _stillChannels);
            }

            Multiply(windows, still, (channels + 3) & ~3, images * depth, sum, add, (T*)(scratch + ScratchBytes - _productBytes));
        }

        GC.KeepAlive(_offsets);
    }

    private T* Image(T* images, int image, int group, int channels, int plane) =>
        images + ((long)image * _shape.Groups + group) * channels * plane;

    private void Multiply(T* windows, T* still, int rows, int depth, T* sum, bool add, T* work)
    {
        var left = new LeftColumns<TLanes, T, V>(still, _stillChannels);
        int pitch = _windows.PiecePitch;
        for (int piece = 0; piece < _windows.Pieces; piece++)
        {
            var right = new PlaneColumns<T>(windows + _windows.PieceOffset(piece), _offsets.Address);
            var output = new MatrixOutput<T>(sum + piece * pitch, SumPitch, SumPitch);
            for (int column = 0; column < pitch; column += BlockProduct<TLanes, T, V>.MaxColumns)
            {
                var block = new Block(0, rows, column, Math.Min(BlockProduct<TLanes, T, V>.MaxColumns, pitch - column));
                BlockProduct<TLanes, T, V>.Run(left, right, output, block, depth, add, work);
            }
        }
    }

    /// <summary>Still channels that one task adds and puts in place.</summary>
    private const int AddedChannels = 4;

    private int AddTasks => (_correlation.Still + AddedChannels - 1) / AddedChannels;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(T* runs, T* dw, int task)
    {
        (int group, int part) = Math.DivRem(task, AddTasks);
        int channel = part * AddedChannels;
        int end = Math.Min(_correlation.Still, channel + AddedChannels);
        T* total = runs + group * GroupSize + (long)channel * SumPitch;
        for (int run = 1; run < _runs; run++)
            AddTo(total, total + run * RunSize, (long)(end - channel) * SumPitch);
        T* weights = dw + (long)group * _shape.GroupOutChannels * _shape.FilterSize;
        for (; channel < end; channel++, total += SumPitch)
        for (int row = 0; row < _shape.KernelHeight; row++)
        for (int column = 0; column < _shape.KernelWidth; column++)
        {
            (int piece, int element) = _windows.Place(row, column);
            T* to = weights + (long)channel * _correlation.StillStep + _correlation.Weight(row, column);
            Line.Copy(total + piece * _windows.PiecePitch + element, _windows.ChannelStep, to, _correlation.MovedStep, _correlation.Moved);
        }
    }

    private static void AddTo(T* sum, T* terms, long count)
    {
        int lanes = BlockProduct<TLanes, T, V>.Lanes;
        for (long i = 0; i < count; i += lanes)
            TLanes.Store(sum + i, TLanes.Add(TLanes.Load(sum + i), TLanes.Load(terms + i)));
    }

    private long ImageBytes(int rows) =>
        Math.Max(1, ((long)_windows.ImageSize(rows) + (long)rows * _correlation.Width.Positions * _stillChannels) * sizeof(T));

    private static int RowsIn(int height, int blocks) => (height + blocks - 1) / blocks;

    private static int RoundUp(int bytes) => checked(bytes + 63) & ~63;
}
