using Functional.Kernels;

namespace Functional.Bench;

/// <summary>Products that training steps consist of, and large ones.</summary>
public class GemmCases : KernelCases
{
    protected override IEnumerable<BenchCase> List() =>
        [
            .. Square(512, 1024, 2048),
            Product(150, 500, 784),
            Product(150, 500, 500),
            Product(150, 20, 500),
            Product(150, 500, 20),
            Product(150, 784, 500),
            Product(784, 500, 150, transposeA: true),
            Product(500, 500, 150, transposeA: true),
            Product(150, 500, 784, transposeB: true),
            Product(64, 256, 784),
            Product(64, 128, 256),
            Product(64, 10, 128),
            Product(784, 256, 64, transposeA: true),
            Product(64, 256, 128, transposeB: true),
            Product(1, 500, 784),
            Product(8, 500, 784),
        ];

    private static IEnumerable<BenchCase> Square(params int[] sizes)
    {
        foreach (ElementType type in (ElementType[])[ElementType.Float32, ElementType.Float64])
        foreach (int size in sizes)
            yield return Of($"{type} {size} square", new GemmShape(type, size, size, size));
    }

    private static BenchCase Product(int m, int n, int k, bool transposeA = false, bool transposeB = false) =>
        Of(
            $"Float32 {m}x{n}x{k}{(transposeA ? " A'" : "")}{(transposeB ? " B'" : "")}",
            new GemmShape(ElementType.Float32, m, n, k) { TransposeA = transposeA, TransposeB = transposeB }
        );

    private static BenchCase Of(string name, GemmShape shape) =>
        new(
            $"gemm {name}",
            2.0 * shape.M * shape.N * shape.K,
            "FLOP",
            pool => new KernelRun(
                GemmKernel.Create(shape, new Operand(0), new Operand(1), new Operand(2)),
                pool,
                shape.Type,
                (long)shape.M * shape.K,
                (long)shape.K * shape.N,
                (long)shape.M * shape.N
            )
        );
}
