using System.Numerics;
using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>
/// The gradient of a convolution with respect to its weights:
/// <c>dw[o,c,p,q] = Σ_{n,i,j} dy[n,o,i,j] · x[n,c, i·stride + p·dilation − pad, j·stride + q·dilation − pad]</c>.
/// </summary>
/// <remarks>
/// A product for each block of positions: dy, its channels side by side, with the <see cref="Windows{TLanes, T, V}"/> of x, or
/// the other way round. The blocks fall into runs, as the shape alone decides; a run adds up its blocks in order, then the
/// runs are added in order. Threads split runs and channels, so the order of each sum does not depend on them.
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

    /// <summary>Rows of the sums that one task adds up and puts in place.</summary>
    private const int AddedRows = 4;

    private readonly ConvShape _shape;
    private readonly Correlation _correlation;
    private readonly Operand _still;
    private readonly Operand _moved;
    private readonly Operand _dw;
    private readonly Windows<TLanes, T, V> _windows;
    private readonly WeightBlocks? _blocks;
    private readonly OffsetTable _offsets;
    private readonly int _sumRows;
    private readonly int _sumPitch;
    private readonly int _stillPitch;
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
        _sumRows = RoundUp(_windows.AreLeft ? _windows.PieceSize : _correlation.Still, 4);
        _sumPitch = _windows.AreLeft ? RoundUp(_correlation.Still, Lanes) : checked(_windows.Pieces * PiecePitch);
        _offsets = new OffsetTable([]);
        if (Weights == 0 || shape.Batch == 0 || shape.InPlane == 0 || shape.OutPlane == 0)
            return;

        _blocks = WeightBlocks.Plan(_correlation, RunSize * sizeof(T), Math.Max(4, Lanes), ImageBytes);
        (int images, int rows, int columns) = (_blocks.Images, _blocks.Rows, _correlation.Width.Positions);
        _stillPitch = RoundUp(_blocks.PartChannels, 4);
        _offsets = new OffsetTable(_windows.AreLeft ? StillOffsets(images * rows * columns) : WindowOffsets(images, rows, columns));
        // Whole vectors are read throughout: the last may reach beyond the end.
        _windowBytes = Bytes(images * _windows.ImageSize(rows) + Lanes);
        _stillBytes = Bytes(_offsets.Length * _stillPitch + Lanes);
        _fillBytes = Bytes(_windows.WorkSize(rows));
        _productBytes = RoundUp(BlockProduct<TLanes, T, V>.ScratchBytes(_offsets.Length, 0), 64);
    }

    public override long WorkspaceBytes => _blocks == null ? 0 : _blocks.Runs * RunSize * sizeof(T);

    public override int ScratchBytes => checked(_windowBytes + _stillBytes + _fillBytes + _productBytes);

    private static int Lanes => BlockProduct<TLanes, T, V>.Lanes;

    private long Weights => (long)_shape.OutChannels * _shape.FilterSize;

    /// <summary>A piece in whole vectors.</summary>
    private int PiecePitch => RoundUp(_windows.PieceSize, Lanes);

    private long GroupSize => (long)_sumRows * _sumPitch;

    private long RunSize => _shape.Groups * GroupSize;

    private int AddTasks => (_sumRows + AddedRows - 1) / AddedRows;

    public override void Run(RunContext context)
    {
        if (_blocks == null)
        {
            new Span<T>(_dw.In<T>(context), checked((int)Weights)).Clear();
            return;
        }

        context.Pool.Run(this, context, SumRuns, checked(_blocks.Runs * _shape.Groups * _blocks.Parts));
        context.Pool.Run(this, context, AddRuns, checked(_shape.Groups * AddTasks));
    }

    protected internal override void Execute(RunContext context, int phase, int task, int worker)
    {
        if (phase == SumRuns)
            SumRun(context, _blocks!, task, worker);
        else
            Add((T*)context.Workspace, _blocks!.Runs, _dw.In<T>(context), task);
    }

    private void SumRun(RunContext context, WeightBlocks blocks, int task, int worker)
    {
        (int rest, int part) = Math.DivRem(task, blocks.Parts);
        (int run, int group) = Math.DivRem(rest, _shape.Groups);
        int channel = part * blocks.PartChannels;
        int channels = Math.Min(blocks.PartChannels, _correlation.Still - channel);
        T* sum = (T*)context.Workspace + run * RunSize + group * GroupSize + (long)channel * (_windows.AreLeft ? 1 : _sumPitch);
        byte* scratch = context.Scratch(worker);
        int items = _shape.Batch * blocks.RowBlocks;
        int item = Share.Begin(items, run, blocks.Runs);
        int end = Share.Begin(items, run + 1, blocks.Runs);
        for (bool add = false; item < end; item += blocks.Images, add = true)
        {
            (int image, int block) = Math.DivRem(item, blocks.RowBlocks);
            int images = Math.Min(blocks.Images, end - item);
            int first = block * blocks.Rows;
            int rows = Math.Min(blocks.Rows, _correlation.Height.Positions - first);
            // Images leave the same padding alone; blocks of rows do not.
            if (_windows.HavePadding && (!add || blocks.RowBlocks > 1))
                new Span<byte>(scratch, _windowBytes).Clear();
            for (int i = 0; i < images; i++)
                Fill(context, image + i, group, channel, channels, first, rows, scratch, i);
            Multiply(scratch, channels, images * rows * _correlation.Width.Positions, sum, add);
        }
    }

    private void Fill(RunContext context, int image, int group, int channel, int channels, int first, int rows, byte* scratch, int i)
    {
        long index = (long)image * _shape.Groups + group;
        T* moved = _moved.In<T>(context) + index * _correlation.Moved * _correlation.MovedPlane;
        T* windows = (T*)scratch + i * _windows.ImageSize(rows);
        _windows.Fill(moved, first, rows, windows, (T*)(scratch + _windowBytes + _stillBytes));

        int columns = _correlation.Width.Positions;
        T* still = _still.In<T>(context) + (index * _correlation.Still + channel) * _correlation.StillPlane + first * columns;
        T* dealt = (T*)(scratch + _windowBytes) + i * rows * columns * _stillPitch;
        Channels.Deal(still, _correlation.StillPlane, channels, 1, rows * columns, dealt, _stillPitch, 0);
    }

    private void Multiply(byte* scratch, int channels, int depth, T* sum, bool add)
    {
        T* windows = (T*)scratch;
        T* still = (T*)(scratch + _windowBytes);
        T* work = (T*)(scratch + _windowBytes + _stillBytes + _fillBytes);
        if (_windows.AreLeft)
        {
            var left = new LeftColumns<TLanes, T, V>(windows, _windows.PositionStep);
            Multiply(left, still, _sumRows, RoundUp(channels, Lanes), depth, sum, add, work);
        }
        else
        {
            var left = new LeftColumns<TLanes, T, V>(still, _stillPitch);
            for (int piece = 0; piece < _windows.Pieces; piece++)
            {
                T* right = windows + _windows.PieceOffset(piece);
                Multiply(left, right, RoundUp(channels, 4), PiecePitch, depth, sum + piece * PiecePitch, add, work);
            }
        }

        GC.KeepAlive(_offsets);
    }

    private void Multiply(LeftColumns<TLanes, T, V> left, T* right, int rows, int columns, int depth, T* sum, bool add, T* work)
    {
        var output = new MatrixOutput<T>(sum, _sumPitch, _sumPitch);
        var panels = new PlaneColumns<T>(right, _offsets.Address);
        for (int column = 0; column < columns; column += BlockProduct<TLanes, T, V>.MaxColumns)
        {
            var block = new Block(0, rows, column, Math.Min(BlockProduct<TLanes, T, V>.MaxColumns, columns - column));
            BlockProduct<TLanes, T, V>.Run(left, panels, output, block, depth, add, work);
        }
    }

    private void Add(T* sums, int runs, T* dw, int task)
    {
        (int group, int part) = Math.DivRem(task, AddTasks);
        int row = part * AddedRows;
        int rows = Math.Min(AddedRows, _sumRows - row);
        T* sum = sums + group * GroupSize + (long)row * _sumPitch;
        for (int run = 1; run < runs; run++)
            AddTo(sum, sum + run * RunSize, rows * _sumPitch);
        T* weights = dw + group * (Weights / _shape.Groups);
        for (int end = row + rows; row < end; row++, sum += _sumPitch)
        {
            if (_windows.AreLeft)
                PutElement(sum, row, weights);
            else
                PutChannel(sum, row, weights);
        }
    }

    // The sums of one still channel.
    private void PutChannel(T* sum, int channel, T* weights)
    {
        if (channel >= _correlation.Still)
            return;
        for (int row = 0; row < _shape.KernelHeight; row++)
        for (int column = 0; column < _shape.KernelWidth; column++)
        {
            (int piece, int element) = _windows.Place(row, column);
            T* from = sum + piece * PiecePitch + element;
            T* to = weights + (long)channel * _correlation.StillStep + _correlation.Weight(row, column);
            Line.Copy(from, _windows.ChannelStep, to, _correlation.MovedStep, _correlation.Moved);
        }
    }

    // The sums of one element of the windows.
    private void PutElement(T* sum, int element, T* weights)
    {
        (int channel, int tap) = Math.DivRem(element, _shape.Taps);
        if (channel >= _correlation.Moved)
            return;
        (int row, int column) = Math.DivRem(tap, _shape.KernelWidth);
        T* to = weights + (long)channel * _correlation.MovedStep + _correlation.Weight(row, column);
        Line.Copy(sum, 1, to, _correlation.StillStep, _correlation.Still);
    }

    private static void AddTo(T* sum, T* terms, int count)
    {
        for (int i = 0; i < count; i += Lanes)
            TLanes.Store(sum + i, TLanes.Add(TLanes.Load(sum + i), TLanes.Load(terms + i)));
    }

    private IEnumerable<int> WindowOffsets(int images, int rows, int columns) =>
        from image in Enumerable.Range(0, images)
        from row in Enumerable.Range(0, rows)
        from column in Enumerable.Range(0, columns)
        select image * _windows.ImageSize(rows) + row * _windows.RowStep + column * _windows.PositionStep;

    private IEnumerable<int> StillOffsets(int depth) => from position in Enumerable.Range(0, depth) select position * _stillPitch;

    private long ImageBytes(int rows, int channels) =>
        sizeof(T) * (_windows.ImageSize(rows) + (long)rows * _correlation.Width.Positions * channels);

    private static int Bytes(int elements) => RoundUp(checked(elements * sizeof(T)), 64);

    private static int RoundUp(int value, int unit) => checked(value + unit - 1) / unit * unit;
}
