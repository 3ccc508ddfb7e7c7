using System.Numerics;

namespace Functional.Kernels;

/// <summary>
/// The position of the first maximum along the middle axis of a contiguous tensor: [outer, reduce, inner] → [outer, inner]
/// of Int32. NaN counts as larger than every number.
/// </summary>
public sealed unsafe class ArgMaxKernel : NumericKernel
{
    /// <summary>Columns of one unit of work; their best elements so far lie on the stack.</summary>
    private const int StripColumns = 64;

    private readonly Operand _input;
    private readonly Operand _output;
    private readonly long _reduce;
    private readonly long _inner;
    private readonly long _strips;
    private readonly WorkSplit _split;

    /// <summary>Plans the search.</summary>
    /// <param name="type">of the input.</param>
    /// <param name="input">contiguous, [outer, reduce, inner].</param>
    /// <param name="output">contiguous, [outer, inner] of Int32.</param>
    /// <param name="outer">product of the axes before the searched one.</param>
    /// <param name="reduce">length of the searched axis.</param>
    /// <param name="inner">product of the axes behind it.</param>
    /// <exception cref="ArgumentException">The axis is empty, so that it has no maximum, or too long for Int32.</exception>
    public ArgMaxKernel(ElementType type, Operand input, Operand output, long outer, long reduce, long inner)
        : base(type)
    {
        if (outer * inner > 0 && reduce is < 1 or > int.MaxValue)
            throw new ArgumentException($"The position of a maximum needs an axis of 1 to {int.MaxValue} elements, not {reduce}.");
        _input = input;
        _output = output;
        _reduce = reduce;
        _inner = inner;
        _strips = WorkSplit.CeilingDivide(inner, StripColumns);
        _split = WorkSplit.OfUnits(outer * _strips, reduce * Math.Min(inner, StripColumns));
    }

    /// <inheritdoc/>
    public override void Run(RunContext context) => _split.Run(this, context);

    private protected override void Execute<T>(RunContext context, int phase, int task)
    {
        T* input = _input.In<T>(context);
        int* output = _output.In<int>(context);
        (long first, long end) = _split.Range(task);
        for (long unit = first; unit < end; unit++)
        {
            (long outer, long strip) = Math.DivRem(unit, _strips);
            long column = strip * StripColumns;
            int width = (int)Math.Min(StripColumns, _inner - column);
            T* from = input + outer * _reduce * _inner + column;
            if (_inner == 1)
                output[outer] = Search(from);
            else
                Search(from, width, output + outer * _inner + column);
        }
    }

    /// <summary>The maximum first and then its place, because both passes run in lanes.</summary>
    private int Search<T>(T* row)
        where T : unmanaged, INumber<T>
    {
        T best = Fold<T, MaxReducer<T>>.Elements(row, _reduce);
        int position = 0;
        if (T.IsNaN(best))
        {
            while (!T.IsNaN(row[position]))
                position++;
            return position;
        }

        var lanes = new Vector<T>(best);
        while (position + Vector<T>.Count <= _reduce && !Vector.EqualsAny(Vector.Load(row + position), lanes))
            position += Vector<T>.Count;
        while (row[position] != best)
            position++;
        return position;
    }

    private void Search<T>(T* rows, int width, int* positions)
        where T : unmanaged, INumber<T>
    {
        T* best = stackalloc T[StripColumns];
        new ReadOnlySpan<T>(rows, width).CopyTo(new Span<T>(best, width));
        new Span<int>(positions, width).Clear();
        for (int row = 1; row < _reduce; row++)
        {
            rows += _inner;
            for (int column = 0; column < width; column++)
            {
                if (!FirstMaximum.Beats(rows[column], best[column]))
                    continue;
                best[column] = rows[column];
                positions[column] = row;
            }
        }
    }
}
