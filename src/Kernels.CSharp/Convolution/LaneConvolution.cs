using System.Numerics;

namespace Functional.Kernels;

/// <summary>What a convolution in lanes writes: pixel (a, b) of channel c comes from a row of a part's product.</summary>
/// <param name="Channels">channels of a group.</param>
/// <param name="Height">rows of pixels.</param>
/// <param name="Width">columns of pixels.</param>
/// <param name="StepHeight">rows of pixels for one row of positions.</param>
/// <param name="StepWidth">columns of pixels for one position.</param>
/// <param name="Sources">for each remainder of row and column modulo the steps, the part and its first row of the product.</param>
internal sealed record LaneTarget(int Channels, int Height, int Width, int StepHeight, int StepWidth, (int Part, int Row)[,] Sources);

/// <summary>
/// A convolution, or its input gradient, of as many images at a time as a vector has elements: each pixel is a vector with an
/// image in each element, so sums read whole vectors whatever the size of an image and the stride, and nothing is packed.
/// </summary>
/// <remarks>
/// The images of a chunk are copied into scratch memory as <see cref="Planes"/> of vectors, which costs a transposition;
/// then the weights are multiplied with them a row of positions at a time, and the result is transposed back. All this goes
/// by blocks of rows that fit the second-level cache. Tasks are chunks and groups, and parts of an image where these are few.
/// The order of each sum follows from its length alone; where <see cref="LaneWinograd{TLanes,T,V}"/> multiplies, from the shape.
/// </remarks>
internal sealed unsafe class LaneConvolution<TLanes, T, V>
    where TLanes : ILanes<T, V>
    where T : unmanaged, INumber<T>
    where V : unmanaged
{
    /// <summary>Bytes of planes and product that leave room for weights in a second-level cache.</summary>
    private const int TargetBytes = 1 << 19;

    /// <summary>Images are split while there are fewer tasks than this, which threads may share. It shows in no bit of the result.</summary>
    private static readonly int FewestTasks = 2 * Environment.ProcessorCount;

    private readonly Planes _planes;
    private readonly LanePart[] _parts;
    private readonly LaneTarget _target;
    private readonly LaneMap<TLanes, T, V> _in;
    private readonly LaneMap<TLanes, T, V> _out;
    private readonly int _batch;
    private readonly int _groups;
    private readonly int _pitch;
    private readonly int _blocks;
    private readonly int _splits;
    private readonly int[] _starts;
    private readonly LaneWinograd<TLanes, T, V>? _winograd;
    private readonly int _unit;
    private readonly int _planeBytes;
    private readonly int _resultBytes;
    private readonly int _squareBytes;
    private readonly int _workBytes;

    /// <param name="planes">how images are read; its rows are chosen here.</param>
    /// <param name="parts">makes the products, given the planes.</param>
    /// <param name="target">what is written.</param>
    /// <param name="batch">how many images there are.</param>
    /// <param name="groups">groups of channels.</param>
    /// <param name="isWinograd">whether the product is computed by Winograd's way; there is one part then.</param>
    public LaneConvolution(Planes planes, Func<Planes, LanePart[]> parts, LaneTarget target, int batch, int groups, bool isWinograd)
    {
        _unit = isWinograd ? 2 : 1;
        planes = planes with { Height = WholeUnits(planes.Height), Width = WholeUnits(planes.Width) };
        _parts = parts(planes);
        _pitch = _parts.Max(part => part.Columns);
        int products = _parts.Sum(part => part.Height);
        int wanted = (FewestTasks + Chunks(batch) * groups - 1) / Math.Max(1, Chunks(batch) * groups);
        _blocks = Blocks(planes, products, wanted);
        _planes = planes with
        {
            Rows = Math.Max(1, Enumerable.Range(0, _blocks).Max(block => Begin(planes, block + 1) - Begin(planes, block))),
        };
        _splits = Math.Min(wanted, _blocks);
        _parts = parts(_planes);
        (_target, _batch, _groups) = (target, batch, groups);
        _winograd = isWinograd ? new(planes.Channels, products, _planes) : null;
        GroupWeights = _winograd?.Weights ?? _parts.Sum(part => (long)part.Weights);
        _starts = new int[_parts.Length];
        for (int i = 1; i < _parts.Length; i++)
            _starts[i] = _starts[i - 1] + _parts[i - 1].Height * _planes.Rows * _pitch;
        _planeBytes = RoundUp(checked(_planes.Size(0) * Lanes * sizeof(T)));
        _resultBytes = RoundUp(checked(products * _planes.Rows * _pitch * Lanes * sizeof(T)));
        _squareBytes = RoundUp(_winograd?.ScratchBytes ?? 0);
        _workBytes = RoundUp(BlockProduct<TLanes, T, V>.ScratchBytes(_parts.Max(part => part.Offsets.Length), 0));
        bool isWhole = _blocks == 1;
        _in = new(_planes.Channels, _planes.Height.Source, _planes.Width.Source, isWhole, _planes.ChannelSize, _planes.Place);
        _out = new(target.Channels, target.Height, target.Width, isWhole, _planes.Rows * _pitch, Place);
    }

    /// <summary>Images in a chunk.</summary>
    public static int Lanes => LaneMap<TLanes, T, V>.Lanes;

    /// <summary>The planes with the rows of a block.</summary>
    public Planes Planes => _planes;

    public int ScratchBytes => checked(_planeBytes + _resultBytes + _squareBytes + _workBytes);

    /// <summary>Elements of a group's weights as <see cref="Run"/> reads them.</summary>
    public long GroupWeights { get; }

    /// <summary>Whether the arranged weights must be transformed before they are used.</summary>
    public bool TransformsWeights => _winograd != null;

    /// <summary>How many tasks there are.</summary>
    public int Tasks => checked(Chunks(_batch) * _groups * _splits);

    /// <summary>Whether a task finishes whole images of a group, so that what follows can begin at once.</summary>
    public bool FinishesImages => _splits == 1;

    /// <summary>Whether a batch fills lanes well enough.</summary>
    public static bool Suits(int batch) => batch >= Lanes / 2;

    /// <summary>Does a task.</summary>
    /// <param name="source">the images that are read, all channels of all groups.</param>
    /// <param name="weights">those of all parts of the first group, then those of the next.</param>
    /// <param name="target">the images that are written.</param>
    /// <param name="scratch">room for <see cref="ScratchBytes"/>.</param>
    /// <param name="after">what follows, where a task finishes images.</param>
    public void Run(T* source, T* weights, T* target, int task, byte* scratch, in EpilogueCall after)
    {
        (int rest, int split) = Math.DivRem(task, _splits);
        (int chunk, int group) = Math.DivRem(rest, _groups);
        int image = chunk * Lanes;
        int images = Math.Min(Lanes, _batch - image);
        long sourceSize = (long)_planes.Channels * _planes.Height.Source * _planes.Width.Source;
        long targetSize = (long)_target.Channels * _target.Height * _target.Width;
        T* from = source + (image * _groups + group) * sourceSize;
        T* own = weights + group * GroupWeights;
        long start = ((long)image * _groups + group) * targetSize;
        int end = Share.Begin(_blocks, split + 1, _splits);
        for (int block = Share.Begin(_blocks, split, _splits); block < end; block++)
            RunBlock(from, sourceSize * _groups, own, target + start, targetSize * _groups, images, block, scratch);
        for (int i = 0; i < images && after.Wanted; i++)
            after.Apply(start + i * targetSize * _groups, (int)targetSize);
    }

    /// <summary>Does all tasks of a slice, whose rows are whole chunks, where a task finishes images.</summary>
    public void RunSlice(T* source, T* weights, T* target, Slice slice, byte* scratch, in EpilogueCall after)
    {
        int end = Chunks(slice.First + slice.Rows) * _groups;
        for (int task = slice.First / Lanes * _groups; task < end; task++)
            Run(source, weights, target, task, scratch, after);
    }

    private static int Chunks(int batch) => (batch + Lanes - 1) / Lanes;

    private static int RoundUp(int bytes) => checked(bytes + 63) / 64 * 64;

    private int Blocks(Planes planes, int products, int fewest)
    {
        int positions = Math.Max(1, planes.Height.Positions / _unit);
        long inBytes = (planes with { Rows = 1 - planes.Height.Reach }).Size(0) * (long)Lanes * sizeof(T);
        long outBytes = (long)products * _pitch * Lanes * sizeof(T);
        long fitting = Math.Clamp((TargetBytes - planes.Height.Reach * inBytes) / Math.Max(1, _unit * (inBytes + outBytes)), 1, positions);
        return (int)Math.Max((positions + fitting - 1) / fitting, Math.Min(positions, fewest));
    }

    /// <summary>Transforms the weights of some channels of a group.</summary>
    /// <param name="arranged">a row for each tap of the first of the channels, and so on.</param>
    /// <param name="weights">the group's weights.</param>
    public void TransformWeights(T* arranged, T* weights, int channel, int channels)
    {
        int step = _parts[0].Weights / _planes.Channels;
        for (int i = 0; i < channels; i++)
            _winograd!.TransformFilters(arranged + (long)i * step, weights, channel + i);
    }

    private Axis WholeUnits(Axis axis) => axis with { Positions = (axis.Positions + _unit - 1) / _unit * _unit };

    /// <summary>The first row of positions of a block.</summary>
    private int Begin(Planes planes, int block) => Share.Begin(planes.Height.Positions / _unit, block, _blocks) * _unit;

    private void RunBlock(T* source, long sourceStride, T* weights, T* target, long targetStride, int images, int block, byte* scratch)
    {
        int first = Begin(_planes, block);
        int end = Begin(_planes, block + 1);
        T* planes = (T*)scratch;
        T* result = (T*)(scratch + _planeBytes);
        T* squares = (T*)(scratch + _planeBytes + _resultBytes);
        T* work = (T*)(scratch + _planeBytes + _resultBytes + _squareBytes);
        Fill(source, sourceStride, images, first, end - first, planes);
        if (_winograd != null)
            _winograd.Multiply(planes, weights, result, _planes.Rows * _pitch, _pitch, end - first, squares, work);
        else
            for (int i = 0; i < _parts.Length; weights += _parts[i++].Weights)
                Multiply(_parts[i], weights, planes, result + (long)_starts[i] * Lanes, Math.Min(end, _parts[i].Rows) - first, work);
        int top = first * _target.StepHeight;
        int rows = Math.Min(_target.Height, end * _target.StepHeight) - top;
        if (rows > 0)
            _out.FromLanes(target, targetStride, images, top, rows, -first * _pitch, result);
    }

    private void Fill(T* images, long imageStride, int count, int first, int positions, T* planes)
    {
        new Span<T>(planes, _planes.Size(0) * Lanes).Clear();
        int top = _blocks == 1 ? 0 : Math.Max(0, first * _planes.Height.Step + _planes.Height.Origin);
        int below = _blocks == 1 ? int.MaxValue : (first + positions + _planes.Height.Reach) * _planes.Height.Step + _planes.Height.Origin;
        int end = Math.Min(_planes.Height.Source, below);
        if (top < end)
            _in.ToLanes(images, imageStride, count, top, end - top, -first * _planes.Pitch, planes);
    }

    private void Multiply(LanePart part, T* weights, T* planes, T* result, int rows, T* work)
    {
        var left = new LeftColumns<TLanes, T, V>(weights, part.Height);
        int width = part.Columns * Lanes;
        for (int row = 0; row < rows; row++)
        {
            T* line = result + (long)row * _pitch * Lanes;
            var output = new MatrixOutput<T>(line, (nint)_planes.Rows * _pitch * Lanes, width);
            var from = new PlaneColumns<T>(planes + (long)row * _planes.Pitch * Lanes, part.Offsets.Address);
            for (int column = 0; column < width; column += BlockProduct<TLanes, T, V>.MaxColumns)
            {
                int columns = Math.Min(BlockProduct<TLanes, T, V>.MaxColumns, width - column);
                BlockProduct<TLanes, T, V>.Run(
                    left,
                    from,
                    output,
                    new Block(0, part.Height, column, columns),
                    part.Offsets.Length,
                    false,
                    work
                );
            }
        }

        GC.KeepAlive(part);
    }

    /// <summary>Where pixel (a, b) of channel 0 of the target lies in the products, for blocks that begin at row 0.</summary>
    private int Place(int a, int b)
    {
        (int row, int down) = Math.DivRem(a, _target.StepHeight);
        (int column, int right) = Math.DivRem(b, _target.StepWidth);
        (int part, int first) = _target.Sources[down, right];
        return _starts[part] + (first * _planes.Rows + row) * _pitch + column;
    }
}
