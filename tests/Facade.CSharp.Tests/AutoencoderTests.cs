using Xunit;

namespace Functional.Tests;

public class AutoencoderTests
{
    private static readonly AutoencoderOptions Options = new()
    {
        Hidden = [8, 3],
        Epochs = 4,
        BatchSize = 7,
        Optimizer = Optimizers.Adam(0.01),
    };

    private static readonly Lazy<AutoencoderModel> Trained = new(() => Models.Autoencoder.Train(Tiny.Images(), Options));

    private static AutoencoderModel Model => Trained.Value;

    public static TheoryData<string, AutoencoderOptions> Wrong =>
        new()
        {
            { "Hidden", Options with { Hidden = [5, 0] } },
            { "Filters", Options with { Filters = [-1] } },
            { "Activation", Options with { Activation = (Activation)99 } },
            { "Loss", Options with { Loss = (ReconstructionLoss)99 } },
            { "LayerEpochs", Options with { LayerEpochs = -1 } },
            {
                "Noise",
                new DenoisingOptions { Noise = null! }
            },
        };

    [Fact]
    public void Training_makes_the_loss_less()
    {
        AutoencoderModel model = Models.Autoencoder.Train(
            Tiny.Images(200),
            Options with
            {
                Epochs = 30,
                Validation = Tiny.Images(50, seed: 2),
            }
        );
        IReadOnlyList<double> loss = model.History["val_loss"];
        Assert.True(loss[^1] < loss[0] / 4, $"{loss[0]} to {loss[^1]}");
        Assert.Equal(model.History["val_mse"], loss);
        Assert.Equal(["loss", "mse"], model.Evaluate(Tiny.Images()).Keys);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_at_any_number_of_threads()
    {
        AutoencoderOptions layerwise = Options with { LayerEpochs = 1, Tied = true, Filters = [2] };
        byte[] expected = Models.Autoencoder.Train(Tiny.Images(), layerwise).Bytes();
        Assert.Equal(expected, Models.Autoencoder.Train(Tiny.Images(), layerwise with { Threads = 1 }).Bytes());
        Assert.Equal(expected, Models.Autoencoder.Train(Tiny.Images(), layerwise with { Threads = 3 }).Bytes());
        Assert.NotEqual(expected, Models.Autoencoder.Train(Tiny.Images(), layerwise with { Seed = 2 }).Bytes());
    }

    [Fact]
    public void A_saved_model_is_the_same_when_loaded()
    {
        using TemporaryFolder folder = new();
        Model.Save(folder["model.safetensors"]);
        AutoencoderModel again = Assert.IsType<AutoencoderModel>(Models.Load(folder["model.safetensors"]));
        Assert.Equal(Model.Bytes(), again.Bytes());
        Assert.Equal(Model.Encode(Tiny.Images()), again.Encode(Tiny.Images()));
        Assert.Equal(Model.Evaluate(Tiny.Images()), again.Evaluate(Tiny.Images()));
        Assert.Equal(Model.Options.List(), again.Options.List());
        DenoisingOptions options = new()
        {
            Hidden = [3],
            Epochs = 1,
            Noise = Corruption.Random(0.2),
        };
        Models.Denoising.Train(Tiny.Images(), options).Save(folder["model.safetensors"]);
        Assert.Equal(options.Noise, Models.Denoising.Load(folder["model.safetensors"]).Options.Noise);
        Assert.Throws<InvalidDataException>(() => Models.Autoencoder.Load(folder["model.safetensors"]));
    }

    [Fact]
    public void A_row_has_the_same_code_alone_as_among_others()
    {
        DataRows rows = Tiny.Images(300);
        float[,] codes = Model.Encode(rows);
        float[,] back = Model.Reconstruct(rows).ToMatrix();
        Assert.Equal(3, Model.CodeSize);
        for (int row = 0; row < rows.Count; row += 37)
        {
            float[] code = Model.Encode(rows[row]);
            Assert.Equal([codes[row, 0], codes[row, 1], codes[row, 2]], code);
            Assert.Equal(Model.Reconstruct(rows[row]), Model.Decode(code));
            Assert.Equal(back[row, 5], Model.Decode(codes)[row][5]);
        }
    }

    [Fact]
    public void Feature_maps_are_pictures_from_black_to_white()
    {
        DataRows maps = Model.FeatureMaps();
        Assert.Equal((8, "3, 4"), (maps.Count, string.Join(", ", maps.RowShape)));
        AutoencoderModel filters = Models.Autoencoder.Train(Tiny.Images(), Options with { Filters = [5], Epochs = 1 });
        Assert.Equal((5, "1, 3, 3"), (filters.FeatureMaps().Count, string.Join(", ", filters.FeatureMaps().RowShape)));
        foreach (DataRows pictures in (DataRows[])[maps, filters.FeatureMaps()])
        {
            for (int map = 0; map < pictures.Count; map++)
            {
                float[] picture = pictures[map].ToArray();
                Assert.Equal((0f, 1f), (picture.Min(), picture.Max()));
            }
        }
    }

    [Fact]
    public void A_denoising_model_takes_noise_away()
    {
        DataRows clean = Tiny.Images(300, seed: 3);
        DenoisingModel model = Models.Denoising.Train(
            Tiny.Images(300),
            new DenoisingOptions
            {
                Hidden = [16, 8],
                Epochs = 40,
                Optimizer = Optimizers.Adam(0.005),
                Noise = Corruption.Gaussian(0.3),
            }
        );
        DataRows noisy = model.Corrupt(clean, seed: 5);
        Assert.Equal(noisy.ToMatrix(), model.Corrupt(clean, seed: 5).ToMatrix());
        Assert.NotEqual(noisy.ToMatrix(), model.Corrupt(clean, seed: 6).ToMatrix());
        Assert.Equal(noisy.Take(9).ToMatrix(), model.Corrupt(clean.Take(9), seed: 5).ToMatrix());
        // Noise of deviation 0.3 stands 10.5 dB under a peak of 1; a row's own noise is measured in 12 numbers, which adds a little.
        Assert.InRange(noisy.Psnr(clean), 10, 11.5);
        Assert.InRange(model.Reconstruct(noisy).Psnr(clean), noisy.Psnr(clean) + 5, 40);
        Assert.Equal(model.Evaluate(clean), model.Evaluate(clean));
    }

    [Fact]
    public void Psnr_is_that_of_the_differences()
    {
        DataRows clean = Tiny.Matrix(3);
        DataRows other = DataRows.Of([.. clean.Values.ToArray().Select(value => value - 0.1f)], 12);
        Assert.Equal(20, other.Psnr(clean), 4);
        Assert.Equal(double.PositiveInfinity, clean.Psnr(clean));
        Assert.Throws<ArgumentException>(() => clean.Psnr(Tiny.Matrix(4)));
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_value_out_of_range_is_refused_in_the_name_of_its_property(string property, AutoencoderOptions options)
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() =>
            options is DenoisingOptions denoising
                ? Models.Denoising.Train(Tiny.Matrix(), denoising)
                : Models.Autoencoder.Train(Tiny.Matrix(), options)
        );
        Assert.Equal(property, fault.ParamName);
        Assert.Contains($"{options.GetType().Name}.{property}: found ", fault.Message);
    }

    [Fact]
    public void What_does_not_fit_is_refused_in_a_sentence()
    {
        static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;
        float[,] outside = Tiny.Matrix();
        outside[3, 2] = 1.5f;
        AutoencoderOptions entropy = Options with { Loss = ReconstructionLoss.CrossEntropy };
        Assert.Contains("row 3 holds 1.5", Message(() => Models.Autoencoder.Train(outside, entropy)));
        Assert.Contains("expected images", Message(() => Models.Autoencoder.Train(Tiny.Matrix(), Options with { Filters = [4] })));
        Assert.Contains("expected more than 4", Message(() => Models.Autoencoder.Train(Tiny.Matrix(), Options with { LayerEpochs = 4 })));
        Assert.Contains("found no layers", Message(() => Models.Autoencoder.Train(Tiny.Matrix(), Options with { Hidden = [] })));
        Assert.Contains("one or more of 3", Message(() => Model.Decode(new float[4])));
        Assert.Contains("rows of 11 numbers", Message(() => Model.Encode(new float[11])));
        Assert.Contains("RATE 1 of dropout", Message(() => Corruption.Dropout(1)));
        Assert.Contains("perhaps you meant masking", Message(() => Corruption.Parse("maskin:0.1")));
    }

    [Theory]
    [InlineData("noise", "gaussian:1")]
    [InlineData("noise", "random:0.1")]
    [InlineData("noise", "dropout:0.3")]
    [InlineData("noise", "masking:0.1")]
    [InlineData("tied", "true")]
    [InlineData("filters", "32,64")]
    [InlineData("loss", "cross-entropy")]
    [InlineData("layer-epochs", "5")]
    public void An_option_is_set_from_text(string key, string text)
    {
        TrainingOptions options = new DenoisingOptions().With(KeyValuePair.Create(key, text));
        Assert.Equal(text, options.List().Single(option => option.Key == key).Value);
    }
}
