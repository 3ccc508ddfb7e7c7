using System.Numerics;

namespace Functional.Kernels;

/// <summary>
/// Adds rows up by index: values [count, width], indices [count] of Int32 → output [rows, width], where output[r] is the
/// sum of values[i] over all i with indices[i] = r, added to 0 from the first i to the last. The gradient of a look-up.
/// </summary>
/// <remarks>Tasks own columns or rows of the output, so that a sum is never shared and repeated indices need no care.</remarks>
public sealed unsafe class ScatterAddKernel : NumericKernel
{
    /// <summary>Columns that a task owns, when there are enough of them to share out.</summary>
    private const int StripColumns = 128;

    /// <summary>Bands of rows otherwise; few, because every task reads all indices.</summary>
    private const int MostBands = 8;

    private readonly Operand _values;
    private readonly Operand _indices;
    private readonly Operand _output;
    private readonly int _rows;
    private readonly long _width;
    private readonly long _count;
    private readonly long _stripColumns;
    private readonly long _bandRows;
    private readonly long _bands;
    private readonly WorkSplit _split;

    /// <summary>Plans the sums.</summary>
    /// <param name="type">of values and output.</param>
    /// <param name="values">contiguous, [count, width].</param>
    /// <param name="indices">contiguous, [count] of Int32, each from 0 to rows − 1.</param>
    /// <param name="output">contiguous, [rows, width], overwritten, apart from the values.</param>
    /// <param name="rows">of the output.</param>
    /// <param name="width">elements of a row.</param>
    /// <param name="count">number of indices.</param>
    public ScatterAddKernel(ElementType type, Operand values, Operand indices, Operand output, int rows, long width, long count)
        : base(type)
    {
        _values = values;
        _indices = indices;
        _output = output;
        _rows = rows;
        _width = width;
        _count = count;
        bool small = (count + rows) * width <= WorkSplit.Grain;
        bool byColumns = !small && width >= 2 * StripColumns;
        _stripColumns = byColumns ? StripColumns : Math.Max(1, width);
        long bands = small || byColumns ? 1 : MostBands;
        _bandRows = Math.Max(1, WorkSplit.CeilingDivide(rows, bands));
        _bands = WorkSplit.CeilingDivide(rows, _bandRows);
        _split = new WorkSplit(WorkSplit.CeilingDivide(width, _stripColumns) * _bands, 1);
    }

    /// <inheritdoc/>
    /// <exception cref="IndexOutOfRangeException">An index names no row; nothing has been written.</exception>
    public override void Run(RunContext context)
    {
        IndexVector.Check("scatterAdd", _indices.In<int>(context), _count, _rows);
        _split.Run(this, context);
    }

    private protected override void Execute<T>(RunContext context, int phase, int task)
    {
        (long strip, long band) = Math.DivRem(task, _bands);
        long column = strip * _stripColumns;
        long width = Math.Min(_stripColumns, _width - column);
        long firstRow = band * _bandRows;
        long endRow = Math.Min(_rows, firstRow + _bandRows);
        T* values = _values.In<T>(context) + column;
        T* output = _output.In<T>(context) + column;
        int* indices = _indices.In<int>(context);

        for (long row = firstRow; row < endRow; row++)
            new Span<T>(output + row * _width, (int)width).Clear();
        for (long i = 0; i < _count; i++)
        {
            if (indices[i] >= firstRow && indices[i] < endRow)
                Fold<T, SumReducer<T>>.Row(output + indices[i] * _width, values + i * _width, width);
        }
    }
}
