using System.Text.RegularExpressions;
using Xunit;

namespace Functional.Tests;

public class RbmTests
{
    private static readonly RbmOptions Options = new()
    {
        Hidden = 6,
        GibbsSteps = 2,
        PersistentChains = 9,
        Centring = 0.05,
        Binarise = Binarisation.Dynamic,
        Optimizer = Optimizers.Momentum(0.05, 0.5),
        Epochs = 4,
        BatchSize = 7,
        Threads = 2,
    };

    private static readonly Lazy<RbmModel> Trained = new(() => Models.Rbm.Train(Tiny.Images(), Options));

    private static RbmModel Model => Trained.Value;

    public static TheoryData<string, RbmOptions> Wrong =>
        new()
        {
            { "Hidden", Options with { Hidden = 0 } },
            { "GibbsSteps", Options with { GibbsSteps = 0 } },
            { "PersistentChains", Options with { PersistentChains = -1 } },
            { "Update", Options with { Update = (RbmUpdate)99 } },
            { "Centring", Options with { Centring = 1.5 } },
            { "SparsityTarget", Options with { SparsityTarget = 0 } },
            { "SparsityCost", Options with { SparsityCost = -1 } },
            { "Units", Options with { Units = null! } },
            { "WeightDeviation", Options with { WeightDeviation = 0 } },
        };

    [Fact]
    public async Task Letters_are_learnt_on_another_thread()
    {
        DataSplits letters = Datasets.Letters(seed: 1);
        Recorder progress = new();
        RbmModel rbm = await Models.Rbm.TrainAsync(
            letters.Train,
            new RbmOptions
            {
                Hidden = 100,
                GibbsSteps = 5,
                Epochs = 3,
            },
            progress,
            CancellationToken.None
        );
        Assert.Equal((100, 3), (rbm.CodeSize, rbm.History.Count));
        Assert.Equal(3, progress.Seen.Count(report => report.Completed is not null));
        string[] names = ["loss", "reconstruction_error", "pseudo_likelihood", "free_energy", "free_energy_gap"];
        Assert.Equal(names, rbm.History[0].Values.Keys);
        // Biases alone leave nearly a fifth of the pixels wrong.
        Assert.InRange(rbm.History["reconstruction_error"][^1], 0, 0.09);
        Assert.True(rbm.History["pseudo_likelihood"][^1] > rbm.History["pseudo_likelihood"][0] + 20);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_at_any_number_of_threads()
    {
        byte[] expected = Model.Bytes();
        Assert.Equal(expected, Models.Rbm.Train(Tiny.Images(), Options with { Threads = 1 }).Bytes());
        Assert.Equal(expected, Models.Rbm.Train(Tiny.Images(), Options with { Threads = 3 }).Bytes());
        Assert.NotEqual(expected, Models.Rbm.Train(Tiny.Images(), Options with { Seed = 2 }).Bytes());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(15)]
    public void A_run_that_was_interrupted_goes_on_to_the_same_bits(int steps)
    {
        using TemporaryFolder folder = new();
        RbmOptions options = Options with { Validation = Tiny.Images(20, seed: 2) };
        byte[] expected = Models.Rbm.Train(Tiny.Images(), options with { Callbacks = [Callbacks.Checkpoint(folder["whole"])] }).Bytes();
        using CancellationTokenSource source = new();
        int seen = 0;
        Recorder recorder = new(progress =>
        {
            if (progress.Completed is null && ++seen == steps)
                source.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Models.Rbm.Train(Tiny.Images(), options with { Callbacks = [Callbacks.Checkpoint(folder["cut"])] }, recorder, source.Token)
        );
        Assert.Equal(expected, Models.Rbm.Resume(folder["cut"], data: Tiny.Images(), validation: Tiny.Images(20, seed: 2)).Bytes());
        Assert.Equal(Metrics(folder["whole/metrics.jsonl"]), Metrics(folder["cut/metrics.jsonl"]));
        Assert.Equal(
            File.ReadAllBytes(folder["whole/checkpoints/last.safetensors"]),
            File.ReadAllBytes(folder["cut/checkpoints/last.safetensors"])
        );
    }

    [Fact]
    public void A_saved_machine_is_the_same_when_loaded()
    {
        using TemporaryFolder folder = new();
        RbmModel model = Models.Rbm.Train(Tiny.Images(), Options with { Validation = Tiny.Images(20, seed: 2) });
        model.Save(folder["rbm.safetensors"]);
        RbmModel again = Assert.IsType<RbmModel>(Models.Load(folder["rbm.safetensors"]));
        Assert.Equal(model.Bytes(), again.Bytes());
        Assert.Equal(model.Encode(Tiny.Images()), again.Encode(Tiny.Images()));
        Assert.Equal(model.Options.List(), again.Options.List());
        // Chains are no part of it, and of no matter to what it measures.
        IReadOnlyDictionary<string, double> measured = again.Evaluate(Tiny.Images(20, seed: 2));
        Assert.All(measured, pair => Assert.Equal(model.History[^1]["val_" + pair.Key], pair.Value));
        Models.Pca.Train(Tiny.Images(), new PcaOptions { Components = 2 }).Save(folder["pca.safetensors"]);
        Assert.Throws<InvalidDataException>(() => Models.Rbm.Load(folder["pca.safetensors"]));
    }

    [Fact]
    public void A_row_has_the_same_code_alone_as_among_others()
    {
        DataRows rows = Tiny.Images(300);
        float[,] codes = Model.Encode(rows);
        for (int row = 0; row < rows.Count; row += 37)
        {
            float[] code = Model.Encode(rows[row]);
            Assert.Equal(Enumerable.Range(0, 6).Select(unit => codes[row, unit]), code);
            Assert.Equal(Model.Reconstruct(rows[row]), Model.Decode(code));
        }
    }

    [Fact]
    public void Samples_depend_on_the_seed_alone()
    {
        DataRows samples = Model.Sample(5, turns: 10, seed: 3);
        Assert.Equal("3, 4", string.Join(", ", samples.RowShape));
        Assert.Equal(samples.ToMatrix(), Model.Sample(5, turns: 10, seed: 3).ToMatrix());
        Assert.Equal(samples.Take(2).ToMatrix(), Model.Sample(2, turns: 10, seed: 3).ToMatrix());
        Assert.NotEqual(samples.ToMatrix(), Model.Sample(5, turns: 10, seed: 4).ToMatrix());
        Assert.NotEqual(samples.ToMatrix(), Model.Sample(5, turns: 11, seed: 3).ToMatrix());
        Assert.Contains("turns: found 0", Assert.Throws<ArgumentException>(() => Model.Sample(1, turns: 0, seed: 0)).Message);
    }

    [Fact]
    public void The_free_energy_sums_over_hidden_states()
    {
        DataRows rows = Tiny.Images(3);
        float[] free = Model.FreeEnergy(rows);
        double[] sums = new double[3];
        for (int state = 0; state < 64; state++)
        {
            float[,] hidden = new float[3, 6];
            for (int row = 0; row < 3; row++)
            for (int unit = 0; unit < 6; unit++)
                hidden[row, unit] = (state >> unit) & 1;
            float[] energies = Model.Energy(rows, hidden);
            for (int row = 0; row < 3; row++)
                sums[row] += Math.Exp(-energies[row]);
        }

        for (int row = 0; row < 3; row++)
            Assert.Equal(-Math.Log(sums[row]), free[row], 1e-4);
        Assert.Equal("hidden", Assert.Throws<ArgumentException>(() => Model.Energy(rows, new float[3, 5])).Message[8..14]);
    }

    [Fact]
    public void Feature_maps_are_the_weights_of_hidden_units()
    {
        DataRows maps = Model.FeatureMaps();
        Assert.Equal((6, "3, 4"), (maps.Count, string.Join(", ", maps.RowShape)));
        for (int map = 0; map < maps.Count; map++)
            Assert.Equal((0f, 1f), (maps[map].ToArray().Min(), maps[map].ToArray().Max()));
    }

    [Fact]
    public void Normal_units_learn_numbers_beyond_0_and_1()
    {
        float[,] numbers = Tiny.Matrix(200);
        for (int row = 0; row < 200; row++)
        for (int column = 0; column < 12; column++)
            numbers[row, column] = 4 * numbers[row, column] - 2;
        RbmModel model = Models.Rbm.Train(
            numbers,
            Options with
            {
                Units = Likelihood.Gaussian(0.5),
                Binarise = Binarisation.None,
                Update = RbmUpdate.MeanField,
                Optimizer = Optimizers.Momentum(0.005, 0.9),
                Epochs = 20,
            }
        );
        IReadOnlyList<double> error = model.History["reconstruction_error"];
        Assert.True(error[^1] < 0.5 * error[0], $"{error[0]} to {error[^1]}");
        Assert.Equal(model.History["loss"], error);
        Assert.DoesNotContain("pseudo_likelihood", model.Evaluate(numbers).Keys);
        ArgumentException fault = Assert.Throws<ArgumentException>(() => Models.Rbm.Train(numbers, Options));
        Assert.Contains("gaussian:DEVIATION", fault.Message);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_value_out_of_range_is_refused_in_the_name_of_its_property(string property, RbmOptions options)
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => Models.Rbm.Train(Tiny.Images(), options));
        Assert.Equal(property, fault.ParamName);
        Assert.Contains($"RbmOptions.{property}: found ", fault.Message);
    }

    [Theory]
    [InlineData("hidden", "32")]
    [InlineData("persistent-chains", "0")]
    [InlineData("update", "sampled")]
    [InlineData("units", "gaussian:0.5")]
    [InlineData("centring", "0.2")]
    [InlineData("sparsity-cost", "3")]
    public void An_option_is_set_from_text(string key, string text)
    {
        TrainingOptions options = new RbmOptions().With(KeyValuePair.Create(key, text));
        Assert.Equal(text, options.List().Single(option => option.Key == key).Value);
    }

    private static string Metrics(string path) => Regex.Replace(File.ReadAllText(path), "\"seconds\":[^,]*,", "");
}
