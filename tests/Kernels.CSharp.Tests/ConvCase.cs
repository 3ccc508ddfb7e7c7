using Functional.Kernels;
using Xunit;

namespace Functional.Tests;

/// <summary>The three kernels of a convolution on random operands, against the definition in float64.</summary>
internal sealed class ConvCase
{
    private readonly ConvShape _shape;
    private readonly double[] _x;
    private readonly double[] _w;
    private readonly double[] _dy;

    public ConvCase(ConvShape shape, int seed)
    {
        _shape = shape;
        var random = new Random(seed);
        _x = Exact(random, shape.Batch * shape.InChannels * shape.InHeight * shape.InWidth);
        _w = Exact(random, shape.OutChannels * (shape.InChannels / shape.Groups) * shape.KernelHeight * shape.KernelWidth);
        _dy = Exact(random, shape.Batch * shape.OutChannels * shape.OutHeight * shape.OutWidth);
    }

    public Array Forward(int threads, Epilogue? epilogue = null) =>
        Run(ConvForward.Create(_shape, new(0), new(1), new(2), epilogue), threads, _x, _w, _dy.Length);

    public Array InputGradient(int threads) => Run(ConvInputGradient.Create(_shape, new(0), new(1), new(2)), threads, _w, _dy, _x.Length);

    public Array WeightGradient(int threads) => Run(ConvWeightGradient.Create(_shape, new(0), new(1), new(2)), threads, _x, _dy, _w.Length);

    public void Check(int threads)
    {
        double[] y = new double[_dy.Length];
        double[] dx = new double[_x.Length];
        double[] dw = new double[_w.Length];
        ForEachTerm(
            (xAt, wAt, yAt) =>
            {
                y[yAt] += _x[xAt] * _w[wAt];
                dx[xAt] += _dy[yAt] * _w[wAt];
                dw[wAt] += _dy[yAt] * _x[xAt];
            }
        );
        int perGroup = _shape.KernelHeight * _shape.KernelWidth / _shape.Groups;
        Compare("y", y, Forward(threads), _shape.InChannels * perGroup);
        Compare("dx", dx, InputGradient(threads), _shape.OutChannels * perGroup);
        Compare("dw", dw, WeightGradient(threads), _shape.Batch * _shape.OutHeight * _shape.OutWidth);
    }

    private void ForEachTerm(Action<int, int, int> visit)
    {
        (int ic, int oc) = (_shape.InChannels / _shape.Groups, _shape.OutChannels / _shape.Groups);
        for (int n = 0; n < _shape.Batch; n++)
        for (int o = 0; o < _shape.OutChannels; o++)
        for (int i = 0; i < _shape.OutHeight; i++)
        for (int j = 0; j < _shape.OutWidth; j++)
        for (int c = 0; c < ic; c++)
        for (int p = 0; p < _shape.KernelHeight; p++)
        for (int q = 0; q < _shape.KernelWidth; q++)
        {
            int row = i * _shape.StrideHeight + p * _shape.DilationHeight - _shape.PadTop;
            int column = j * _shape.StrideWidth + q * _shape.DilationWidth - _shape.PadLeft;
            if (row < 0 || row >= _shape.InHeight || column < 0 || column >= _shape.InWidth)
                continue;
            int channel = n * _shape.InChannels + o / oc * ic + c;
            visit(
                (channel * _shape.InHeight + row) * _shape.InWidth + column,
                ((o * ic + c) * _shape.KernelHeight + p) * _shape.KernelWidth + q,
                ((n * _shape.OutChannels + o) * _shape.OutHeight + i) * _shape.OutWidth + j
            );
        }
    }

    private void Compare(string name, double[] expected, Array found, int terms)
    {
        double bound = (_shape.Type == ElementType.Float32 ? 1e-6 : 1e-14) * (4 + terms);
        for (int i = 0; i < expected.Length; i++)
        {
            double value = Convert.ToDouble(found.GetValue(i));
            if (!(Math.Abs(value - expected[i]) <= bound))
                Assert.Fail($"{_shape}: {name}[{i}] is {value}, expected {expected[i]}.");
        }
    }

    private Array Run(Kernel kernel, int threads, double[] left, double[] right, int results)
    {
        double[] unwritten = new double[results];
        Array.Fill(unwritten, double.NaN);
        Array result = Typed(unwritten);
        KernelHarness.Run(kernel, threads, Typed(left), Typed(right), result);
        return result;
    }

    private Array Typed(double[] values) =>
        _shape.Type == ElementType.Float32 ? Array.ConvertAll(values, value => (float)value) : values.ToArray();

    private static double[] Exact(Random random, int count)
    {
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)(random.NextDouble() * 2 - 1);
        return values;
    }
}
