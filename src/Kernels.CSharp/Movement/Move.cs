namespace Functional.Kernels;

/// <summary>
/// A copy of a strided view, or of one value, into a strided region. The two axes that matter most for speed form a
/// plane; the plane is cut into blocks, and the units of work are the blocks at every position of the other axes.
/// </summary>
internal sealed unsafe class Move
{
    /// <summary>Rows and columns of a block that is transposed: its cache lines on both sides fit the first-level cache.</summary>
    private const int TransposeBlock = 128;

    private readonly int _elementSize;
    private readonly Operand? _source;
    private readonly ulong _value;
    private readonly Operand _target;
    private readonly MoveAxis[] _loops;
    private readonly MoveAxis _rows;
    private readonly MoveAxis _columns;
    private readonly long _blockRows;
    private readonly long _blockColumns;

    private Move(ElementType type, Operand? source, ulong value, Operand target, List<MoveAxis> axes)
    {
        _elementSize = Layout.ElementSize(type);
        _source = source;
        _value = value;
        _target = target;
        _columns = TakeColumns(axes);
        _rows = TakeRows(axes, _columns);
        bool transposes = PlaneCopy.Transposes(_rows, _columns);
        long rowLimit = transposes ? Math.Clamp(_rows.Length, 1, TransposeBlock) : 1;
        _blockColumns = Math.Clamp(_columns.Length, 1, WorkSplit.Grain / rowLimit);
        _blockRows = Math.Clamp(_rows.Length, 1, WorkSplit.Grain / _blockColumns);
        _loops = [.. axes, Blocks(_rows, _blockRows), Blocks(_columns, _blockColumns)];
        long units = _loops.Aggregate(1L, (product, axis) => product * axis.Length);
        Split = WorkSplit.OfUnits(units, _blockRows * _blockColumns);
    }

    /// <summary>How the units of work form tasks.</summary>
    public WorkSplit Split { get; }

    /// <summary>A copy of a view; strides in elements.</summary>
    public static Move Copy(ElementType type, Operand source, long[] sourceStrides, Operand target, long[] targetStrides, int[] shape) =>
        new(type, source, 0, target, MoveAxis.Collapse(shape, sourceStrides, targetStrides));

    /// <summary>One value at every place of a region; strides in elements.</summary>
    public static Move Fill(ElementType type, double value, Operand target, long[] targetStrides, int[] shape) =>
        new(type, null, Layout.Bits(type, value), target, MoveAxis.Collapse(shape, new long[shape.Length], targetStrides));

    /// <summary>Does the units of one task.</summary>
    public void Execute(RunContext context, int task)
    {
        // A fill reads its one value from the stack, with strides of zero.
        ulong value = _value;
        byte* source = _source is { } operand ? operand.In<byte>(context) : (byte*)&value;
        byte* target = _target.In<byte>(context);
        if (_elementSize == 8)
            Execute((ulong*)source, (ulong*)target, task);
        else
            Execute((uint*)source, (uint*)target, task);
    }

    private void Execute<T>(T* source, T* target, int task)
        where T : unmanaged
    {
        (long first, long end) = Split.Range(task);
        var walk = new MoveWalk(_loops, stackalloc long[_loops.Length], first);
        for (long unit = first; unit < end; unit++)
        {
            long row = walk.Step(_loops.Length - 2) * _blockRows;
            long column = walk.Step(_loops.Length - 1) * _blockColumns;
            MoveAxis rows = _rows with { Length = Math.Min(_blockRows, _rows.Length - row) };
            MoveAxis columns = _columns with { Length = Math.Min(_blockColumns, _columns.Length - column) };
            PlaneCopy.Copy(source + walk.Source, target + walk.Target, rows, columns);
            walk.Next();
        }
    }

    /// <summary>The loop over the blocks of an axis; the last block may be shorter.</summary>
    private static MoveAxis Blocks(MoveAxis axis, long block) =>
        new(WorkSplit.CeilingDivide(axis.Length, block), block * axis.Source, block * axis.Target);

    /// <summary>Columns are the axis along which the target is written most closely.</summary>
    private static MoveAxis TakeColumns(List<MoveAxis> axes) => axes.Count == 0 ? new MoveAxis(1, 1, 1) : Take(axes, axes.Count - 1);

    /// <summary>Rows are the axis along which the source is read contiguously when columns are not, else the next inner one.</summary>
    private static MoveAxis TakeRows(List<MoveAxis> axes, MoveAxis columns)
    {
        if (axes.Count == 0)
            return new MoveAxis(1, 0, 0);
        int contiguous = columns.Source is 0 or 1 ? -1 : axes.FindIndex(axis => axis.Source == 1);
        return Take(axes, contiguous >= 0 ? contiguous : axes.Count - 1);
    }

    private static MoveAxis Take(List<MoveAxis> axes, int index)
    {
        MoveAxis axis = axes[index];
        axes.RemoveAt(index);
        return axis;
    }
}
