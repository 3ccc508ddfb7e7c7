using System.Numerics;

namespace Functional.Kernels;

/// <summary>
/// A batch of matrix products, <c>C = op(A) · op(B)</c> or <c>C += op(A) · op(B)</c>, with pointwise work fused behind them.
/// </summary>
/// <remarks>
/// Threads split the result, never a sum. The order of each sum follows from K alone, so the bits of an element do not depend
/// on threads, blocks, transposition or neighbours. Packing and blocking follow Goto and van de Geijn, "Anatomy of
/// high-performance matrix multiplication", 2008, with the roles of the caches exchanged: the wide register tiles of this
/// processor generation leave the first level to the strip of rows, and stream the strips of columns from the second.
/// </remarks>
public abstract unsafe class GemmKernel : Kernel, ISliced
{
    private protected GemmKernel() { }

    /// <summary>Plans a product.</summary>
    /// <param name="shape">sizes and layout.</param>
    /// <param name="a">where A lies.</param>
    /// <param name="b">where B lies.</param>
    /// <param name="c">where C lies; it shares no memory with A or B.</param>
    /// <param name="epilogue">work on each part of C as it becomes final; needs a C without gaps.</param>
    /// <exception cref="ArgumentException">sizes that contradict each other.</exception>
    public static GemmKernel Create(GemmShape shape, Operand a, Operand b, Operand c, Epilogue? epilogue = null)
    {
        shape.Validate();
        bool gaps = shape.RowStepC != shape.N || (shape.Batch > 1 && shape.BatchStrideC != (long)shape.M * shape.N);
        if (epilogue != null && gaps)
            throw new ArgumentException($"An epilogue needs a result without gaps between rows or matrices, unlike {shape}.");
        return Width.Make(shape.Type, new Maker(shape, a, b, c, epilogue));
    }

    void ISliced.RunSlice(RunContext context, byte* workspace, Slice slice, int worker) =>
        RunRows(context, slice.First, slice.Rows, worker);

    /// <summary>Computes rows of the result; for a single product.</summary>
    private protected abstract void RunRows(RunContext context, int first, int rows, int worker);

    private sealed record Maker(GemmShape Shape, Operand A, Operand B, Operand C, Epilogue? Epilogue) : IForLanes<GemmKernel>
    {
        public GemmKernel Make<TLanes, T, V>()
            where TLanes : ILanes<T, V>
            where T : unmanaged, INumber<T>
            where V : unmanaged => new GemmKernel<TLanes, T, V>(Shape, A, B, C, Epilogue);
    }
}

/// <summary>A batch of matrix products for one element type and vector width.</summary>
internal sealed unsafe class GemmKernel<TLanes, T, V>(GemmShape shape, Operand a, Operand b, Operand c, Epilogue? epilogue) : GemmKernel
    where TLanes : ILanes<T, V>
    where T : unmanaged, INumber<T>
    where V : unmanaged
{
    private readonly int _productBytes = (BlockProduct<TLanes, T, V>.ScratchBytes(shape.K, shape.N) + 63) & ~63;
    private volatile Plan? _plan;

    public override int ScratchBytes => _productBytes + (epilogue?.ScratchBytes ?? 0);

    public override void Run(RunContext context)
    {
        if (shape.M > 0 && shape.N > 0)
            context.Pool.Run(this, context, 0, checked(shape.Batch * GridFor(context.Pool.Threads).Blocks));
    }

    protected internal override void Execute(RunContext context, int phase, int task, int worker)
    {
        GemmGrid grid = GridFor(context.Pool.Threads);
        (int batch, int index) = Math.DivRem(task, grid.Blocks);
        Block block = grid.Block(index, shape.M, shape.N, BlockProduct<TLanes, T, V>.Lanes);
        Compute(context, batch, block, worker);
    }

    private protected override void RunRows(RunContext context, int first, int rows, int worker)
    {
        for (int column = 0; column < shape.N; column += BlockProduct<TLanes, T, V>.MaxColumns)
        {
            int columns = Math.Min(BlockProduct<TLanes, T, V>.MaxColumns, shape.N - column);
            Compute(context, 0, new Block(first, rows, column, columns), worker);
        }
    }

    private void Compute(RunContext context, int batch, Block block, int worker)
    {
        byte* scratch = context.Scratch(worker);
        T* left = a.In<T>(context) + batch * shape.BatchStrideA;
        T* right = b.In<T>(context) + batch * shape.BatchStrideB;
        T* result = c.In<T>(context) + batch * shape.BatchStrideC;
        var after = new EpilogueCall(epilogue, context, worker, scratch + _productBytes, (long)batch * shape.M * shape.N);
        var output = new MatrixOutput<T>(result, shape.RowStepC, shape.N, after);
        if (shape.TransposeA)
            WithLeft(new LeftColumns<TLanes, T, V>(left, shape.RowStepA), right, output, block, (T*)scratch);
        else
            WithLeft(new LeftRows<TLanes, T, V>(left, shape.RowStepA), right, output, block, (T*)scratch);
    }

    private void WithLeft<TLeft>(TLeft left, T* right, MatrixOutput<T> output, Block block, T* scratch)
        where TLeft : struct, ILeft<T>
    {
        if (shape.TransposeB)
            Product(left, new RightColumns<TLanes, T, V>(right, shape.RowStepB), output, block, scratch);
        else
            Product(left, new RightRows<TLanes, T, V>(right, shape.RowStepB, GemmGrid.ReadsInPlace(block.Rows)), output, block, scratch);
    }

    private void Product<TLeft, TRight>(TLeft left, TRight right, MatrixOutput<T> output, Block block, T* scratch)
        where TLeft : struct, ILeft<T>
        where TRight : struct, IRight<T> => BlockProduct<TLanes, T, V>.Run(left, right, output, block, shape.K, shape.Accumulate, scratch);

    // Planned once for each number of threads; two threads that plan at once find the same grid.
    private GemmGrid GridFor(int threads)
    {
        Plan? plan = _plan;
        if (plan == null || plan.Threads != threads)
        {
            int lanes = BlockProduct<TLanes, T, V>.Lanes;
            plan = new Plan(threads, GemmGrid.Plan(shape, lanes, BlockProduct<TLanes, T, V>.MaxColumns / lanes, threads));
            _plan = plan;
        }

        return plan.Grid;
    }

    private sealed record Plan(int Threads, GemmGrid Grid);
}
