namespace Functional.Kernels.Tile;

/// <summary>A plan on the buffers of one run, in the scratch memory of one worker: runs any range of elements.</summary>
internal readonly unsafe ref struct TileFrame
{
    /// <summary>A line holds this many equal elements: the lanes of the widest vector of the narrowest type.</summary>
    private const int LineElements = 16;
    private const int LineBytes = LineElements * sizeof(double);

    private readonly TilePlan _plan;
    private readonly RunContext _context;
    private readonly byte** _at;

    /// <summary>Fills the table of addresses and the lines.</summary>
    public TileFrame(TilePlan plan, RunContext context, byte* scratch)
    {
        _plan = plan;
        _context = context;
        _at = (byte**)scratch;
        byte* free = scratch + TableBytes(plan);
        TileEntry[] entries = plan.Entries;
        for (int i = 0; i < entries.Length; i++)
        {
            ref readonly TileEntry entry = ref entries[i];
            _at[i] = entry.Kind is TileEntryKind.Moving or TileEntryKind.Fixed ? entry.Memory.In<byte>(context) : free;
            if (entry.Kind == TileEntryKind.Constant)
                FillConstant(entry, free);
            else if (entry.Kind == TileEntryKind.Scalar)
                FillScalar(entry, context, free);
            free += BytesOf(plan, entry);
        }
        foreach (TileStep step in plan.LineSteps)
            step.Run(_at, 0, LineElements);
    }

    /// <summary>Where the result of the last tile lies.</summary>
    public byte* Result => _at[_plan.Result];

    /// <summary>Runs elements <paramref name="start"/> to <paramref name="start"/> + <paramref name="length"/> − 1.</summary>
    public void RunTiles(long start, long length)
    {
        for (; length > 0; start += TileProgram.TileElements, length -= TileProgram.TileElements)
            RunTile(start, (int)Math.Min(length, TileProgram.TileElements));
    }

    /// <summary>Runs at most <see cref="TileProgram.TileElements"/> elements.</summary>
    public void RunTile(long start, int length)
    {
        TileEntry[] entries = _plan.Entries;
        for (int i = 0; i < entries.Length; i++)
        {
            ref readonly TileEntry entry = ref entries[i];
            if (entry.Kind == TileEntryKind.Moving)
                _at[i] = entry.Memory.In<byte>(_context) + start * entry.Type.Size();
        }
        foreach (TileStep step in _plan.Steps)
            step.Run(_at, start, length);
    }

    /// <summary>Bytes of the table of addresses.</summary>
    public static int TableBytes(TilePlan plan) => (plan.Entries.Length * sizeof(byte*) + 63) / 64 * 64;

    /// <summary>Bytes of scratch memory behind an entry.</summary>
    public static int BytesOf(TilePlan plan, in TileEntry entry) =>
        entry.Kind switch
        {
            TileEntryKind.Moving or TileEntryKind.Fixed => 0,
            TileEntryKind.Register => plan.RegisterBytes,
            _ => LineBytes,
        };

    private static void FillConstant(in TileEntry entry, byte* line)
    {
        if (entry.Type == ElementType.Float32)
            new Span<float>(line, LineElements).Fill((float)entry.Immediate);
        else if (entry.Type == ElementType.Float64)
            new Span<double>(line, LineElements).Fill(entry.Immediate);
        else
            new Span<int>(line, LineElements).Fill((int)entry.Immediate);
    }

    private static void FillScalar(in TileEntry entry, RunContext context, byte* line)
    {
        if (entry.Type == ElementType.Float64)
            new Span<long>(line, LineElements).Fill(*entry.Memory.In<long>(context));
        else
            new Span<int>(line, LineElements).Fill(*entry.Memory.In<int>(context));
    }
}
