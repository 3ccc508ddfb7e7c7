using System.Runtime.CompilerServices;

namespace Functional.Kernels;

/// <summary>Looks rows up: table [rows, width], indices [count] of Int32 → output [count, width], output[i] = table[indices[i]].</summary>
public sealed unsafe class GatherKernel : Kernel
{
    private readonly int _elementSize;
    private readonly Operand _table;
    private readonly Operand _indices;
    private readonly Operand _output;
    private readonly int _rows;
    private readonly long _width;
    private readonly WorkSplit _split;

    /// <summary>Plans the look-up.</summary>
    /// <param name="type">of table and output.</param>
    /// <param name="table">contiguous, [rows, width].</param>
    /// <param name="indices">contiguous, [count] of Int32, each from 0 to rows − 1.</param>
    /// <param name="output">contiguous, [count, width], apart from the table.</param>
    /// <param name="rows">of the table.</param>
    /// <param name="width">elements of a row.</param>
    /// <param name="count">number of indices.</param>
    public GatherKernel(ElementType type, Operand table, Operand indices, Operand output, int rows, long width, long count)
    {
        _elementSize = Layout.ElementSize(type);
        _table = table;
        _indices = indices;
        _output = output;
        _rows = rows;
        _width = width;
        _split = WorkSplit.OfUnits(count, width);
    }

    /// <inheritdoc/>
    /// <exception cref="IndexOutOfRangeException">An index names no row; nothing has been written.</exception>
    public override void Run(RunContext context)
    {
        IndexVector.Check("gather", _indices.In<int>(context), _split.Units, _rows);
        _split.Run(this, context);
    }

    /// <inheritdoc/>
    protected internal override void Execute(RunContext context, int phase, int task, int worker)
    {
        if (_width == 1 && _elementSize == 4)
            GatherElements<uint>(context, task);
        else if (_width == 1)
            GatherElements<ulong>(context, task);
        else
            GatherRows(context, task);
    }

    private void GatherRows(RunContext context, int task)
    {
        int* indices = _indices.In<int>(context);
        long rowBytes = _width * _elementSize;
        byte* table = _table.In<byte>(context);
        byte* output = _output.In<byte>(context);
        (long first, long end) = _split.Range(task);
        for (long i = first; i < end; i++)
            Unsafe.CopyBlockUnaligned(output + i * rowBytes, table + indices[i] * rowBytes, checked((uint)rowBytes));
    }

    private void GatherElements<T>(RunContext context, int task)
        where T : unmanaged
    {
        int* indices = _indices.In<int>(context);
        T* table = _table.In<T>(context);
        T* output = _output.In<T>(context);
        (long first, long end) = _split.Range(task);
        for (long i = first; i < end; i++)
            output[i] = table[indices[i]];
    }
}
