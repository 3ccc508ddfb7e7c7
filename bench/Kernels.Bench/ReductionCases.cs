using Functional.Kernels;

namespace Functional.Bench;

/// <summary>Sums and maxima: of all elements, of rows, of columns.</summary>
public class ReductionCases : KernelCases
{
    protected override IEnumerable<BenchCase> List() =>
        [
            Reduction(ReduceOp.Sum, 1, 1 << 16, 1),
            Reduction(ReduceOp.Sum, 1, 1 << 24, 1),
            Reduction(ReduceOp.Sum, 150, 784, 1),
            Reduction(ReduceOp.Sum, 1, 150, 784),
            Reduction(ReduceOp.Max, 150, 784, 1),
            Reduction(ReduceOp.Sum, 128, 64, 196),
        ];

    private static BenchCase Reduction(ReduceOp op, int outer, int reduce, int inner)
    {
        long count = (long)outer * reduce * inner;
        return new BenchCase(
            $"reduce {op} of [{outer}, {reduce}, {inner}] over the middle",
            4.0 * count,
            "bytes",
            pool => new KernelRun(
                new ReduceKernel(ElementType.Float32, op, new Operand(0), new Operand(1), outer, reduce, inner),
                pool,
                ElementType.Float32,
                count,
                (long)outer * inner
            )
        );
    }
}
