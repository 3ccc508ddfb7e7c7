using System.Numerics;

namespace Functional.Kernels;

/// <summary>Reduces the middle axis of a contiguous tensor: [outer, reduce, inner] → [outer, inner].</summary>
/// <remarks>
/// The reduced axis is cut into chunks of a constant length. A chunk is reduced on its own, and the partial results are
/// combined by a binary tree: neighbours, then pairs, then fours. So the order of a sum depends on the shape alone, its
/// rounding error grows with the logarithm of the length, and chunks may be reduced on any thread. An empty axis gives
/// the identity: 0, 1, −∞ or ∞ (for integers the least or greatest).
/// </remarks>
public sealed unsafe class ReduceKernel : NumericKernel
{
    private const int Chunks = 0;
    private const int Tree = 1;

    /// <summary>Columns of one unit of work: a few cache lines of each row, so that memory is read in long runs.</summary>
    private const int StripColumns = 256;

    /// <summary>Rows of a chunk where columns run down; elements of a chunk where a row itself is reduced.</summary>
    private const int ChunkRows = 64,
        ChunkElements = 1024;

    private readonly ReduceOp _op;
    private readonly Operand _input;
    private readonly Operand _output;
    private readonly long _reduce;
    private readonly long _inner;
    private readonly long _chunkRows;
    private readonly long _chunks;
    private readonly long _strips;
    private readonly WorkSplit _chunkSplit;
    private readonly WorkSplit _treeSplit;

    /// <summary>Plans the reduction.</summary>
    /// <param name="type">of input and output.</param>
    /// <param name="op">how elements combine.</param>
    /// <param name="input">contiguous, [outer, reduce, inner].</param>
    /// <param name="output">contiguous, [outer, inner], apart from the input.</param>
    /// <param name="outer">product of the axes before the reduced one.</param>
    /// <param name="reduce">length of the reduced axis.</param>
    /// <param name="inner">product of the axes behind it; 1 reduces contiguous rows.</param>
    public ReduceKernel(ElementType type, ReduceOp op, Operand input, Operand output, long outer, long reduce, long inner)
        : base(type)
    {
        _op = op;
        _input = input;
        _output = output;
        _reduce = reduce;
        _inner = inner;
        _chunkRows = inner == 1 ? ChunkElements : ChunkRows;
        _chunks = Math.Max(1, WorkSplit.CeilingDivide(reduce, _chunkRows));
        _strips = WorkSplit.CeilingDivide(inner, StripColumns);
        long columns = Math.Min(inner, StripColumns);
        _chunkSplit = WorkSplit.OfUnits(outer * _chunks * _strips, Math.Min(reduce, _chunkRows) * columns);
        _treeSplit = WorkSplit.OfUnits(_chunks > 1 ? outer * _strips : 0, _chunks * columns);
        WorkspaceBytes = _chunks > 1 ? outer * _chunks * inner * Layout.ElementSize(type) : 0;
    }

    /// <summary>One row of partial results for each chunk.</summary>
    public override long WorkspaceBytes { get; }

    /// <inheritdoc/>
    public override void Run(RunContext context)
    {
        _chunkSplit.Run(this, context, Chunks);
        _treeSplit.Run(this, context, Tree);
    }

    private protected override void Execute<T>(RunContext context, int phase, int task)
    {
        switch (_op)
        {
            case ReduceOp.Sum:
                Execute<T, SumReducer<T>>(context, phase, task);
                break;
            case ReduceOp.Prod:
                Execute<T, ProdReducer<T>>(context, phase, task);
                break;
            case ReduceOp.Max:
                Execute<T, MaxReducer<T>>(context, phase, task);
                break;
            case ReduceOp.Min:
                Execute<T, MinReducer<T>>(context, phase, task);
                break;
        }
    }

    private void Execute<T, TReducer>(RunContext context, int phase, int task)
        where T : unmanaged, INumber<T>
        where TReducer : IReducer<T>
    {
        T* output = _output.In<T>(context);
        T* partials = _chunks > 1 ? (T*)context.Workspace : output;
        if (phase == Chunks)
            ReduceChunks<T, TReducer>(_input.In<T>(context), partials, task);
        else
            CombineChunks<T, TReducer>(partials, output, task);
    }

    private void ReduceChunks<T, TReducer>(T* input, T* partials, int task)
        where T : unmanaged, INumber<T>
        where TReducer : IReducer<T>
    {
        (long first, long end) = _chunkSplit.Range(task);
        (long chunkIndex, long strip) = Math.DivRem(first, _strips);
        (long outer, long chunk) = Math.DivRem(chunkIndex, _chunks);
        for (long unit = first; unit < end; unit++)
        {
            long row = chunk * _chunkRows;
            long count = Math.Min(_chunkRows, _reduce - row);
            long column = strip * StripColumns;
            long width = Math.Min(StripColumns, _inner - column);
            T* from = input + (outer * _reduce + row) * _inner + column;
            T* to = partials + chunkIndex * _inner + column;
            if (count == 0)
                new Span<T>(to, (int)width).Fill(TReducer.Identity);
            else if (_inner == 1)
                *to = Fold<T, TReducer>.Elements(from, count);
            else
                Fold<T, TReducer>.Rows(to, from, _inner, count, width);

            // Counting up saves two divisions, which would cost more than a short row.
            if (++strip < _strips)
                continue;
            strip = 0;
            chunkIndex++;
            if (++chunk < _chunks)
                continue;
            chunk = 0;
            outer++;
        }
    }

    private void CombineChunks<T, TReducer>(T* partials, T* output, int task)
        where T : unmanaged, INumber<T>
        where TReducer : IReducer<T>
    {
        (long first, long end) = _treeSplit.Range(task);
        for (long unit = first; unit < end; unit++)
        {
            (long outer, long strip) = Math.DivRem(unit, _strips);
            long column = strip * StripColumns;
            long width = Math.Min(StripColumns, _inner - column);
            T* rows = partials + outer * _chunks * _inner + column;
            for (long distance = 1; distance < _chunks; distance *= 2)
            {
                for (long chunk = 0; chunk + distance < _chunks; chunk += 2 * distance)
                    Fold<T, TReducer>.Row(rows + chunk * _inner, rows + (chunk + distance) * _inner, width);
            }

            new ReadOnlySpan<T>(rows, (int)width).CopyTo(new Span<T>(output + outer * _inner + column, (int)width));
        }
    }
}
