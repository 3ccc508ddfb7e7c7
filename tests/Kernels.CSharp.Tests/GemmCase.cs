using Functional.Kernels;
using Xunit;

namespace Functional.Tests;

/// <summary>A product with random operands that fill exactly the elements its shape may touch.</summary>
internal sealed class GemmCase
{
    private readonly GemmShape _shape;
    private readonly double[] _a;
    private readonly double[] _b;
    private readonly double[] _before;

    public GemmCase(GemmShape shape, int seed)
    {
        _shape = shape;
        var random = new Random(seed);
        int stepA =
            shape.LeadingA != 0 ? shape.LeadingA
            : shape.TransposeA ? shape.M
            : shape.K;
        int stepB =
            shape.LeadingB != 0 ? shape.LeadingB
            : shape.TransposeB ? shape.K
            : shape.N;
        int stepC = shape.LeadingC != 0 ? shape.LeadingC : shape.N;
        (StepA, StepB, StepC) = (stepA, stepB, stepC);
        _a = Exact(random, Extent(shape.TransposeA ? shape.K : shape.M, shape.TransposeA ? shape.M : shape.K, stepA, shape.BatchStrideA));
        _b = Exact(random, Extent(shape.TransposeB ? shape.N : shape.K, shape.TransposeB ? shape.K : shape.N, stepB, shape.BatchStrideB));
        _before = Exact(random, Extent(shape.M, shape.N, stepC, shape.BatchStrideC));
    }

    private int StepA { get; }

    private int StepB { get; }

    private int StepC { get; }

    public static float[] Numbers(Random random, int count) => Array.ConvertAll(Exact(random, count), value => (float)value);

    public Array Result(int threads)
    {
        Array a = Typed(_a),
            b = Typed(_b),
            c = Typed(_before);
        KernelHarness.Run(GemmKernel.Create(_shape, new Operand(0), new Operand(1), new Operand(2)), threads, a, b, c);
        return c;
    }

    public void Check(int threads)
    {
        double[] expected = Expected();
        Array result = Result(threads);
        double unit = _shape.Type == ElementType.Float32 ? 1e-6 : 1e-14;
        double bound = unit * (4 + _shape.K);
        for (int i = 0; i < expected.Length; i++)
        {
            double found = Convert.ToDouble(result.GetValue(i));
            if (!(Math.Abs(found - expected[i]) <= bound))
                Assert.Fail($"{_shape}: element {i} is {found}, expected {expected[i]}.");
        }
    }

    // Values that float32 holds exactly, so that both types have the same expectation.
    private static double[] Exact(Random random, int count)
    {
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)(random.NextDouble() * 2 - 1);
        return values;
    }

    private Array Typed(double[] values) =>
        _shape.Type == ElementType.Float32 ? Array.ConvertAll(values, value => (float)value) : values.ToArray();

    private int Extent(int rows, int columns, int step, long batchStride) =>
        rows == 0 || columns == 0 || _shape.Batch == 0 ? 0 : (int)((_shape.Batch - 1) * batchStride) + (rows - 1) * step + columns;

    private double[] Expected()
    {
        double[] c = _before.ToArray();
        for (int batch = 0; batch < _shape.Batch; batch++)
        {
            int offsetA = (int)(batch * _shape.BatchStrideA);
            int offsetB = (int)(batch * _shape.BatchStrideB);
            int offsetC = (int)(batch * _shape.BatchStrideC);
            for (int i = 0; i < _shape.M; i++)
            for (int j = 0; j < _shape.N; j++)
            {
                double sum = 0;
                for (int k = 0; k < _shape.K; k++)
                    sum +=
                        _a[offsetA + (_shape.TransposeA ? k * StepA + i : i * StepA + k)]
                        * _b[offsetB + (_shape.TransposeB ? j * StepB + k : k * StepB + j)];
                int at = offsetC + i * StepC + j;
                c[at] = sum + (_shape.Accumulate ? c[at] : 0);
            }
        }

        return c;
    }
}

/// <summary>Replaces x by −(x + 1) in a float32 buffer: seen twice or never, an element shows it.</summary>
internal sealed unsafe class AddOneNegate(int slot) : Epilogue
{
    public override int ScratchBytes => 64;

    public override void Apply(RunContext context, int worker, byte* scratch, long start, int length)
    {
        *(long*)scratch = start;
        float* values = (float*)context.Buffers[slot];
        for (long i = start; i < start + length; i++)
            values[i] = -(values[i] + 1);
    }
}
