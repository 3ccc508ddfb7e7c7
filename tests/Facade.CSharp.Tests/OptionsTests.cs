using Xunit;

namespace Functional.Tests;

public class OptionsTests
{
    public static TheoryData<string, VaeOptions> Wrong =>
        new()
        {
            { "Hidden", Tiny.Options with { Hidden = [5, 0] } },
            { "Hidden", Tiny.Options with { Hidden = null! } },
            { "LatentSize", Tiny.Options with { LatentSize = 0 } },
            { "Activation", Tiny.Options with { Activation = (Activation)99 } },
            { "Likelihood", Tiny.Options with { Likelihood = null! } },
            { "Beta", Tiny.Options with { Beta = -0.5 } },
            { "Beta", Tiny.Options with { Beta = double.NaN } },
            { "BetaSchedule", Tiny.Options with { BetaSchedule = null! } },
            { "ImportanceSamples", Tiny.Options with { ImportanceSamples = 0 } },
            { "Binarise", Tiny.Options with { Binarise = (Binarisation)7 } },
            { "Parameterisation", Tiny.Options with { Parameterisation = (Parameterisation)7 } },
            { "Epochs", Tiny.Options with { Epochs = 0 } },
            { "BatchSize", Tiny.Options with { BatchSize = -3 } },
            { "Optimizer", Tiny.Options with { Optimizer = null! } },
            { "Schedule", Tiny.Options with { Schedule = null! } },
            { "ClipNorm", Tiny.Options with { ClipNorm = -1 } },
            { "ClipValue", Tiny.Options with { ClipValue = double.PositiveInfinity } },
            { "WeightDecay", Tiny.Options with { WeightDecay = double.NaN } },
            { "Frozen", Tiny.Options with { Frozen = ["Encoder,Decoder"] } },
            { "Frozen", Tiny.Options with { Frozen = [""] } },
            { "LocalGains", Tiny.Options with { LocalGains = null! } },
            { "Regularizer", Tiny.Options with { Regularizer = null! } },
            { "Threads", Tiny.Options with { Threads = 0 } },
            { "Engine", Tiny.Options with { Engine = "gpu" } },
            { "Callbacks", Tiny.Options with { Callbacks = null! } },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_value_out_of_range_is_refused_in_the_name_of_its_property(string property, VaeOptions options)
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => Models.Vae.Train(Tiny.Matrix(), options));
        Assert.Equal(property, fault.ParamName);
        Assert.Contains($"VaeOptions.{property}: found ", fault.Message);
        Assert.Contains("expected ", fault.Message);
    }

    [Fact]
    public void Every_option_can_be_read_from_the_text_that_it_writes()
    {
        VaeOptions options = Tiny.Options with
        {
            Hidden = [7, 5],
            Activation = Activation.LeakyRelu,
            Likelihood = Likelihood.Gaussian(0.25),
            Beta = 0.1,
            BetaSchedule = Schedules.Warmup(500),
            ImportanceSamples = 5,
            Binarise = Binarisation.Static,
            Parameterisation = Parameterisation.Sigma,
            Optimizer = Optimizers.Momentum(0.01f, 0.8f, nesterov: true),
            Schedule = Schedules.StepDecay(10, 0.5),
            ClipValue = 0.5,
            ClipNorm = 5,
            GradientCentralization = true,
            LocalGains = LocalGains.Adaptive(0.01, 100, 0.005, 0.995),
            WeightDecay = 0.01,
            Regularizer = Regularizers.ElasticNet(0.001, 0.002),
            Frozen = ["Encoder", "Decoder.Layers.0"],
            Seed = long.MinValue,
            Engine = "reference",
        };
        TrainingOptions read = new VaeOptions().With(options.List().Select(option => KeyValuePair.Create(option.Key, option.Value)));
        Assert.Equal(options.List(), read.List());
    }

    [Theory]
    [InlineData("hidden", "500,500", "500,500")]
    [InlineData("hidden", "", "")]
    [InlineData("latent-size", "20", "20")]
    [InlineData("optimizer", "adam:0.001", "adam:0.001")]
    [InlineData("optimizer", "momentum:0.1", "momentum:0.1")]
    [InlineData("optimizer", "nesterov:0.1:0.9", "nesterov:0.1")]
    [InlineData("optimizer", "nesterov:0.1:0.95", "nesterov:0.1:0.95")]
    [InlineData("optimizer", "rms-prop:0.01:0.99:1e-6", "rms-prop:0.01:0.99:1E-06")]
    [InlineData("optimizer", "adam:0.0001:0", "adam:0.0001:0")]
    [InlineData("optimizer", "adam:0.001:0.9:0.99:1e-8", "adam:0.001:0.9:0.99")]
    [InlineData("optimizer", "adamw:0.001:0.1:0.9:0.999:1e-7", "adamw:0.001:0.1:0.9:0.999:1E-07")]
    [InlineData("frozen", "Encoder.Layers.0, Mean", "Encoder.Layers.0,Mean")]
    [InlineData("frozen", "", "")]
    [InlineData("gradient-centralization", "true", "true")]
    [InlineData("gradient-centralization", "false", "false")]
    [InlineData("clip-norm", "5", "5")]
    [InlineData("clip-value", "0.5", "0.5")]
    [InlineData("weight-decay", "0.01", "0.01")]
    [InlineData("local-gains", "none", "none")]
    [InlineData("local-gains", "adaptive", "adaptive:0.1:10:0.05:0.95")]
    [InlineData("local-gains", "adaptive:0.01:100", "adaptive:0.01:100:0.05:0.95")]
    [InlineData("likelihood", "gaussian:0.1", "gaussian:0.1")]
    [InlineData("activation", "leaky-relu", "leaky-relu")]
    [InlineData("schedule", "cosine:100", "cosine:100:0")]
    [InlineData("regularizer", "l1:0.5", "l1:0.5")]
    [InlineData("beta", "4", "4")]
    [InlineData("beta-schedule", "warmup:500", "warmup:500")]
    [InlineData("binarise", "dynamic", "dynamic")]
    [InlineData("parameterisation", "log-variance", "log-variance")]
    public void An_option_is_set_from_text(string key, string text, string expected)
    {
        TrainingOptions options = new VaeOptions().With(KeyValuePair.Create(key, text));
        Assert.Equal(expected, options.List().Single(option => option.Key == key).Value);
    }

    [Theory]
    [InlineData("latnt-size", "3", "perhaps you meant latent-size")]
    [InlineData("latent-size", "0", "latent-size: found '0', expected a whole number, 1 or more")]
    [InlineData("latent-size", "2.5", "latent-size: found '2.5'")]
    [InlineData("hidden", "5,x", "hidden: found '5,x'")]
    [InlineData("activation", "elo", "perhaps you meant elu")]
    [InlineData("optimizer", "adma:0.1", "perhaps you meant adam")]
    [InlineData("optimizer", "adam", "adam:RATE")]
    [InlineData("optimizer", "adam:0", "more than 0")]
    [InlineData("optimizer", "sgd:0.1:2", "sgd:RATE")]
    [InlineData("optimizer", "momentum:0.1:1.5", "0 to 1")]
    [InlineData("optimizer", "adam:0.1:1", "BETA1 1 of adam, expected 0 or more, less than 1")]
    [InlineData("optimizer", "rms-prop:0.1:0.9:0", "more than 0")]
    [InlineData("gradient-centralization", "yes", "gradient-centralization: found 'yes', expected one of true, false")]
    [InlineData("gradient-centralization", "ture", "perhaps you meant true")]
    [InlineData("clip-norm", "-1", "clip-norm: found '-1', expected a number, 0 or more")]
    [InlineData("local-gains", "on", "none, adaptive[:LOW][:HIGH][:BONUS][:PENALTY]")]
    [InlineData("local-gains", "adaptive:2", "LOW 2 of adaptive, expected more than 0, at most 1")]
    [InlineData("likelihood", "gaussian:-1", "more than 0")]
    [InlineData("schedule", "warmup:0", "1 to ")]
    [InlineData("regularizer", "l3:1", "perhaps you meant l1")]
    [InlineData("beta", "NaN", "beta: found 'NaN'")]
    [InlineData("beta-schedule", "warmup", "warmup:STEPS")]
    [InlineData("binarise", "dynamik", "perhaps you meant dynamic")]
    [InlineData("importance-samples", "0", "1 or more")]
    public void Wrong_text_is_refused_with_what_was_expected(string key, string text, string expected)
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => new VaeOptions().With(KeyValuePair.Create(key, text)));
        Assert.Contains(expected, fault.Message);
    }

    [Fact]
    public void With_leaves_the_original_as_it_was()
    {
        VaeOptions options = new() { LatentSize = 4 };
        options.With(KeyValuePair.Create("latent-size", "9"));
        Assert.Equal(4, options.LatentSize);
    }

    [Fact]
    public void A_rate_given_in_single_precision_is_meant_in_decimals()
    {
        Assert.Equal("adam:0.001", Optimizers.Adam(0.001f).ToString());
        Assert.Equal(Optimizer.Parse("adam:0.001"), Optimizers.Adam(0.001));
        Assert.Throws<ArgumentException>(() => Optimizers.Adam(-1));
        Assert.Throws<ArgumentException>(() => Optimizers.Sgd(double.PositiveInfinity));
    }
}
