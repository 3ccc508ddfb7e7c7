using Xunit;

namespace Functional.Tests;

/// <summary>What all variational autoencoders can do, whatever their networks.</summary>
public class VaeFamilyTests
{
    private static readonly ConvVaeOptions Conv = new()
    {
        Filters = [3, 4],
        Strides = [2, 1],
        Hidden = [5],
        Epochs = 3,
        BatchSize = 7,
        Threads = 2,
    };

    private static readonly RecurrentVaeOptions Recurrent = new()
    {
        Units = 5,
        LatentSize = 2,
        Epochs = 3,
        BatchSize = 7,
        Threads = 2,
    };

    private static readonly Lazy<VaeModel> ConvModel = new(() => Models.ConvVae.Train(Tiny.Images(), Conv));

    public static TheoryData<string> Kinds => ["vae", "conv-vae", "recurrent-vae"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_same_seed_gives_the_same_bits_at_any_number_of_threads(string kind)
    {
        byte[] expected = Train(kind, options => options).Bytes();
        Assert.Equal(expected, Train(kind, options => options with { Threads = 1 }).Bytes());
        Assert.Equal(expected, Train(kind, options => options with { Threads = 3 }).Bytes());
        Assert.NotEqual(expected, Train(kind, options => options with { Seed = 2 }).Bytes());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_run_that_was_interrupted_goes_on_to_the_same_bits(string kind)
    {
        using TemporaryFolder folder = new();
        byte[] whole = Train(kind, options => options).Bytes();
        using CancellationTokenSource source = new();
        int steps = 0;
        Recorder recorder = new(_ =>
        {
            if (++steps == 9)
                source.Cancel();
        });
        Callback[] callbacks = [Callbacks.Checkpoint(folder["run"])];
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Train(kind, options => options with { Callbacks = callbacks }, recorder, source.Token)
        );
        TrainedModel resumed = RunFolder.Open(folder["run"]).Resume(data: Tiny.Images());
        Assert.Equal(whole, resumed.Bytes());
        Assert.Equal(whole, Models.Load(folder["run/model.safetensors"]).Bytes());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_saved_model_answers_as_before(string kind)
    {
        using TemporaryFolder folder = new();
        VaeModel model = Train(
            kind,
            options => options with { Binarise = Binarisation.Dynamic, Parameterisation = Parameterisation.Sigma }
        );
        model.Save(folder["model.safetensors"]);
        VaeModel again = Assert.IsType<VaeModel>(Models.Load(folder["model.safetensors"]));
        Assert.Equal(kind, again.Kind);
        Assert.Equal(model.Encode(Tiny.Images()), again.Encode(Tiny.Images()));
        Assert.Equal(model.Evaluate(Tiny.Images()), again.Evaluate(Tiny.Images()));
        Assert.Equal(model.LogLikelihood(Tiny.Images(), 20), again.LogLikelihood(Tiny.Images(), 20));
        Assert.Equal(model.Manifold(3).ToMatrix(), again.Manifold(3).ToMatrix());
    }

    [Fact]
    public void The_manifold_is_the_decoded_square_of_quantiles()
    {
        DataRows square = ConvModel.Value.Manifold(5);
        Assert.Equal((25, 12), (square.Count, square.RowSize));
        Assert.Equal([3, 4], square.RowShape);
        Assert.Equal(ConvModel.Value.Decode(new float[] { 0, 0 }), square[12].ToArray());
        // Φ⁻¹(0.95), above on the right.
        Assert.Equal(ConvModel.Value.Decode(new float[] { 1.6448536f, 1.6448536f }), square[4].ToArray());
        VaeModel wide = Models.Vae.Train(Tiny.Images(), Tiny.Options with { LatentSize = 3, Epochs = 1 });
        Assert.Contains("found codes of 3 numbers, expected 2", Assert.Throws<ArgumentException>(() => wide.Manifold()).Message);
        Assert.Throws<ArgumentException>(() => ConvModel.Value.Manifold(1));
    }

    [Theory]
    [InlineData(Interpolation.Linear)]
    [InlineData(Interpolation.Spherical)]
    public void Ways_lead_from_one_reconstruction_to_the_other(Interpolation way)
    {
        DataRows rows = Tiny.Images();
        DataRows steps = ConvModel.Value.Interpolate(rows[0], rows[5], 6, way);
        Assert.Equal(6, steps.Count);
        float[] from = ConvModel.Value.Reconstruct(rows[0]);
        float[] to = ConvModel.Value.Reconstruct(rows[5]);
        for (int i = 0; i < 12; i++)
        {
            Assert.Equal(from[i], steps[0][i], 5);
            Assert.Equal(to[i], steps[5][i], 5);
        }

        Assert.Throws<ArgumentException>(() => ConvModel.Value.Interpolate(rows[0], rows[5], 1));
        Assert.Throws<ArgumentException>(() => ConvModel.Value.Interpolate(rows[0], new float[5]));
    }

    [Fact]
    public void Grey_levels_are_made_black_and_white_for_the_numbers_as_for_the_training()
    {
        DataRows grey = Tiny.Images();
        DataRows black = DataRows.Of([.. grey.Values.ToArray().Select(level => level >= 0.5f ? 1f : 0f)], 3, 4);
        VaeOptions threshold = Tiny.Options with { Binarise = Binarisation.Threshold };
        VaeModel model = Models.Vae.Train(grey, threshold);
        // The same rows made by hand give the same parameters and the same numbers.
        VaeModel byHand = Models.Vae.Train(black, Tiny.Options);
        Assert.Equal(byHand.Encode(black), model.Encode(black));
        Assert.Equal(byHand.Evaluate(black), model.Evaluate(grey));
        Assert.Equal(byHand.LogLikelihood(black, 30), model.LogLikelihood(grey, 30));
        foreach (Binarisation way in (Binarisation[])[Binarisation.Static, Binarisation.Dynamic])
        {
            VaeModel drawn = Models.Vae.Train(grey, Tiny.Options with { Binarise = way });
            Assert.NotEqual(byHand.Encode(black), drawn.Encode(black));
            // Black and white rows stay what they are.
            Assert.Equal(drawn.Evaluate(black), drawn.Evaluate(black));
            Assert.NotEqual(drawn.Evaluate(black), drawn.Evaluate(grey));
        }
    }

    [Fact]
    public void More_codes_in_training_are_another_loss()
    {
        VaeModel one = Models.Vae.Train(Tiny.Images(), Tiny.Options);
        VaeModel five = Models.Vae.Train(Tiny.Images(), Tiny.Options with { ImportanceSamples = 5 });
        VaeModel warm = Models.Vae.Train(Tiny.Images(), Tiny.Options with { BetaSchedule = Schedules.Warmup(10) });
        Assert.NotEqual(one.Bytes(), five.Bytes());
        Assert.NotEqual(one.Bytes(), warm.Bytes());
        IReadOnlyDictionary<string, double> numbers = five.Evaluate(Tiny.Images(200, seed: 5));
        Assert.True(numbers["loss"] < numbers["reconstruction"] + numbers["kl"]);
    }

    [Fact]
    public void What_can_not_be_trained_is_refused_in_a_sentence()
    {
        Assert.Contains(
            "found 3 strides for 2 filters",
            Refusal(() => Models.ConvVae.Train(Tiny.Images(), Conv with { Strides = [1, 2, 1] }))
        );
        Assert.Contains("expected images [height; width]", Refusal(() => Models.ConvVae.Train(Tiny.Matrix(), Conv)));
        DataRows volumes = DataRows.Of(((DataRows)Tiny.Matrix()).Values, 2, 2, 3);
        Assert.Contains("expected sequences [steps]", Refusal(() => Models.RecurrentVae.Train(volumes, Recurrent)));
        float[,] outside = Tiny.Matrix();
        outside[3, 2] = 1.5f;
        VaeOptions drawn = Tiny.Options with { Likelihood = Likelihood.Gaussian(0.1), Binarise = Binarisation.Dynamic };
        Assert.Contains("binarise: found dynamic", Refusal(() => Models.Vae.Train(outside, drawn)));
        Assert.Contains("ImportanceSamples: found 0", Refusal(() => Models.Vae.Train(outside, drawn with { ImportanceSamples = 0 })));
    }

    [Fact]
    public void Sequences_of_single_numbers_are_learnt_too()
    {
        VaeModel model = Models.RecurrentVae.Train(Tiny.Matrix(), Recurrent);
        Assert.Equal([12], model.Sample(4).RowShape);
    }

    private static string Refusal(Action train) => Assert.ThrowsAny<ArgumentException>(train).Message;

    private static VaeModel Train(
        string kind,
        Func<VariationalOptions, VariationalOptions> change,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken token = default
    )
    {
        VariationalOptions options = kind switch
        {
            "vae" => Tiny.Options,
            "conv-vae" => Conv,
            _ => Recurrent,
        };
        return (VaeModel)Models.Named(kind).Train(Tiny.Images(), change(options), progress, token);
    }
}
