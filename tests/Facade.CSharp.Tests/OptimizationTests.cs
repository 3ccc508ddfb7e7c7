using Xunit;

namespace Functional.Tests;

/// <summary>What options do to a training, seen in the parameters that it leaves.</summary>
public class OptimizationTests
{
    private const string FirstWeight = "Encoder.Layers.0.Weight";
    private static readonly VaeOptions Plain = Tiny.Options with { Optimizer = Optimizers.Sgd(0.01) };

    public static TheoryData<string, VaeOptions> Changed =>
        new()
        {
            { "clip-value", Plain with { ClipValue = 0.01 } },
            { "clip-norm", Plain with { ClipNorm = 0.1 } },
            { "gradient-centralization", Plain with { GradientCentralization = true } },
            { "local-gains", Plain with { LocalGains = LocalGains.Adaptive() } },
            { "weight-decay", Plain with { WeightDecay = 0.1 } },
            { "momentum", Plain with { Optimizer = Optimizers.Momentum(0.01) } },
            { "nesterov", Plain with { Optimizer = Optimizers.Momentum(0.01, nesterov: true) } },
            { "rms-prop", Plain with { Optimizer = Optimizers.RmsProp(0.01, 0.99, 1e-6) } },
            { "adam", Plain with { Optimizer = Optimizers.Adam(0.01, 0.8, 0.99, 1e-6) } },
        };

    [Theory]
    [MemberData(nameof(Changed))]
    public void An_option_changes_what_is_learnt_and_leaves_it_finite(string option, VaeOptions options)
    {
        float[] learnt = Weights(options);
        Assert.All(learnt, weight => Assert.True(float.IsFinite(weight), option));
        Assert.NotEqual(Weights(Plain), learnt);
    }

    [Fact]
    public void Centred_gradients_keep_the_sum_of_what_each_unit_reads()
    {
        VaeOptions options = Plain with { GradientCentralization = true };
        float[] one = Sums(Weights(options with { Epochs = 1 }));
        float[] three = Sums(Weights(options));
        foreach ((float before, float after) in one.Zip(three))
            Assert.Equal(before, after, 1e-5);
        Assert.NotEqual(Sums(Weights(Plain with { Epochs = 1 })), Sums(Weights(Plain)), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void AdamW_is_adam_with_a_weight_decay()
    {
        byte[] expected = Learnt(Plain with { Optimizer = Optimizers.AdamW(0.01, 0.1) });
        Assert.Equal(expected, Learnt(Plain with { Optimizer = Optimizers.Adam(0.01), WeightDecay = 0.1 }));
        Assert.Equal(expected, Learnt(Plain with { Optimizer = Optimizers.AdamW(0.01, 0.075), WeightDecay = 0.025 }));
    }

    [Fact]
    public void Frozen_parameters_stay_while_the_others_learn()
    {
        VaeOptions options = Plain with { Frozen = ["Encoder.Layers.0"] };
        float[] before = Weights(options with { Epochs = 1 });
        Assert.Equal(before, Weights(options));
        Assert.NotEqual(Weights(options with { Epochs = 1 }, "Decoder.Layers.2.Weight"), Weights(options, "Decoder.Layers.2.Weight"));
        Assert.NotEqual(before, Weights(Plain));
    }

    [Fact]
    public void Frozen_parameters_must_exist()
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => Weights(Plain with { Frozen = ["Encodr.Layers"] }));
        Assert.StartsWith("frozen: found 'Encodr.Layers', expected the beginning of a parameter's path", fault.Message);
        Assert.Contains("; perhaps you meant Encoder.Layers. (", fault.Message);
    }

    private static float[] Weights(VaeOptions options, string name = FirstWeight)
    {
        using TemporaryFolder folder = new();
        Models.Vae.Train(Tiny.Matrix(), options).Save(folder["vae.safetensors"]);
        Core.NamedArray[] arrays = Core.Safetensors.read(folder["vae.safetensors"]).Arrays;
        Core.NamedArray weights = arrays.Single(array => array.Name == name);
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(weights.Bytes).ToArray();
    }

    private static byte[] Learnt(VaeOptions options) =>
        [
            .. new[] { FirstWeight, "Mean.Weight", "Decoder.Layers.2.Bias" }
                .SelectMany(name => Weights(options, name))
                .SelectMany(BitConverter.GetBytes),
        ];

    /// <summary>Sums over the 12 inputs of each of the 6 units.</summary>
    private static float[] Sums(float[] weights) =>
        [.. Enumerable.Range(0, 6).Select(unit => Enumerable.Range(0, 12).Sum(input => weights[input * 6 + unit]))];
}
