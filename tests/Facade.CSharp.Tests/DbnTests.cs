using Xunit;

namespace Functional.Tests;

public class DbnTests
{
    private static readonly DbnOptions Options = new()
    {
        Hidden = [8, 5],
        PretrainEpochs = 2,
        Epochs = 7,
        BatchSize = 7,
        GibbsSteps = 2,
        PretrainOptimizer = Optimizers.Momentum(0.05, 0.9),
        Optimizer = Optimizers.Adam(0.01),
        LabelledRows = 30,
        Dropout = 0.1,
        Threads = 2,
    };

    private static readonly Lazy<DbnModel> Trained = new(() => Models.Dbn.Train(Labelled(), Options));
    private static readonly Lazy<DbnModel> Unlabelled = new(() => Models.Dbn.Train(Tiny.Images(), Options));

    private static DbnModel Model => Trained.Value;

    public static TheoryData<string, DbnOptions> Wrong =>
        new()
        {
            { "Hidden", Options with { Hidden = [5, 0] } },
            { "PretrainEpochs", Options with { PretrainEpochs = 0 } },
            { "Pretrain", Options with { Pretrain = (LayerLearning)99 } },
            { "PretrainOptimizer", Options with { PretrainOptimizer = null! } },
            { "GibbsSteps", Options with { GibbsSteps = 0 } },
            { "TopChains", Options with { TopChains = -1 } },
            { "Noise", Options with { Noise = null! } },
            { "Classes", Options with { Classes = -1 } },
            { "LabelledRows", Options with { LabelledRows = -1 } },
            { "Dropout", Options with { Dropout = 1 } },
        };

    [Fact]
    public void Layers_learn_rows_and_then_all_learn_labels()
    {
        DbnModel model = Models.Dbn.Train(
            Labelled(200),
            Options with
            {
                Epochs = 24,
                LabelledRows = 0,
                Validation = Labelled(50, seed: 2),
            }
        );
        Assert.Equal(["loss", "reconstruction_error", "pseudo_likelihood", "free_energy", "free_energy_gap"], Own(model.History[3]));
        Assert.Equal(["loss", "accuracy"], Own(model.History[4]));
        Assert.Equal(["loss", "accuracy"], model.Evaluate(Labelled()).Keys);
        Assert.Equal(1.0, model.History["val_accuracy"][^1]);
        DataRows rows = Labelled(20, seed: 3);
        Assert.Equal(rows.Labels, model.Predict(rows));
        Assert.Equal(rows.Labels![4], model.Predict(rows[4]));
    }

    [Fact]
    public void The_classifier_is_a_perceptron_of_the_same_layers()
    {
        Network network = Assert.IsType<Network>(Model.Classifier);
        Assert.Equal(("mlp", 2), (network.Kind, network.Classes));
        Assert.Equal(Model.Predict(Labelled()), network.Predict(Labelled()));
        Assert.Equal(Model.Encode(Labelled()), network.Encode(Labelled()));
        Assert.Equal(Model.Evaluate(Labelled()), network.Evaluate(Labelled()));
        using TemporaryFolder folder = new();
        network.Save(folder["network.safetensors"]);
        Network again = Models.Mlp.Load(folder["network.safetensors"]);
        Assert.Equal(network.Probabilities(Labelled()), again.Probabilities(Labelled()));
    }

    [Fact]
    public void Without_labels_or_epochs_for_them_there_is_no_classifier()
    {
        Assert.Null(Unlabelled.Value.Classifier);
        Assert.Equal(0, Unlabelled.Value.Options.Classes);
        Assert.Contains("pseudo_likelihood", Unlabelled.Value.Evaluate(Tiny.Images()).Keys);
        Assert.Null(Models.Dbn.Train(Labelled(), Options with { Epochs = 4 }).Classifier);
        string message = Assert.Throws<InvalidOperationException>(() => Unlabelled.Value.Predict(Tiny.Images())).Message;
        Assert.Contains("Predict: found a net that learnt no labels, expected one that did", message);
    }

    [Fact]
    public void Layers_can_be_autoencoders()
    {
        DbnModel model = Models.Dbn.Train(
            Labelled(),
            Options with
            {
                Pretrain = LayerLearning.Reconstruction,
                Noise = Corruption.Masking(0.2),
            }
        );
        Assert.Equal(["loss", "mse"], model.History[3].Values.Keys);
        Assert.Equal(["loss", "accuracy"], model.History[4].Values.Keys);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_at_any_number_of_threads()
    {
        byte[] expected = Model.Bytes();
        Assert.Equal(expected, Models.Dbn.Train(Labelled(), Options with { Threads = 1 }).Bytes());
        Assert.Equal(expected, Models.Dbn.Train(Labelled(), Options with { Threads = 3 }).Bytes());
        Assert.NotEqual(expected, Models.Dbn.Train(Labelled(), Options with { Seed = 2 }).Bytes());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(15)]
    [InlineData(27)]
    public void A_run_that_was_interrupted_goes_on_to_the_same_bits(int steps)
    {
        using TemporaryFolder folder = new();
        byte[] expected = Models.Dbn.Train(Labelled(), Options with { Callbacks = [Callbacks.Checkpoint(folder["whole"])] }).Bytes();
        using CancellationTokenSource source = new();
        int seen = 0;
        Recorder recorder = new(progress =>
        {
            if (progress.Completed is null && ++seen == steps)
                source.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Models.Dbn.Train(Labelled(), Options with { Callbacks = [Callbacks.Checkpoint(folder["cut"])] }, recorder, source.Token)
        );
        Assert.Equal(expected, Models.Dbn.Resume(folder["cut"], data: Labelled()).Bytes());
    }

    [Fact]
    public void A_saved_net_is_the_same_when_loaded()
    {
        using TemporaryFolder folder = new();
        foreach (DbnModel model in (DbnModel[])[Model, Unlabelled.Value])
        {
            model.Save(folder["dbn.safetensors"]);
            DbnModel again = Assert.IsType<DbnModel>(Models.Load(folder["dbn.safetensors"]));
            Assert.Equal(model.Bytes(), again.Bytes());
            Assert.Equal(model.Encode(Tiny.Images()), again.Encode(Tiny.Images()));
            Assert.Equal(model.Options.List(), again.Options.List());
            Assert.Equal(model.Evaluate(Labelled()), again.Evaluate(Labelled()));
        }

        Assert.Throws<InvalidDataException>(() => Models.Rbm.Load(folder["dbn.safetensors"]));
    }

    [Fact]
    public void Codes_are_those_of_the_top_and_lead_back()
    {
        Assert.Equal(5, Model.CodeSize);
        float[] code = Model.Encode(Tiny.Images(3)[1]);
        Assert.Equal(Model.Reconstruct(Tiny.Images(3)[1]), Model.Decode(code));
        Assert.Equal((8, "3, 4"), (Model.FeatureMaps().Count, string.Join(", ", Model.FeatureMaps().RowShape)));
    }

    [Fact]
    public void Samples_depend_on_the_seed_alone()
    {
        DbnModel model = Unlabelled.Value;
        DataRows samples = model.Sample(5, turns: 10, seed: 3);
        Assert.Equal("3, 4", string.Join(", ", samples.RowShape));
        Assert.Equal(samples.ToMatrix(), model.Sample(5, turns: 10, seed: 3).ToMatrix());
        Assert.Equal(samples.Take(2).ToMatrix(), model.Sample(2, turns: 10, seed: 3).ToMatrix());
        Assert.NotEqual(samples.ToMatrix(), model.Sample(5, turns: 10, seed: 4).ToMatrix());
        Assert.Contains("turns: found 0", Assert.Throws<ArgumentException>(() => model.Sample(1, turns: 0, seed: 0)).Message);
        DataRows near = model.SampleFrom(Tiny.Images(5), turns: 1, seed: 3);
        Assert.Equal(near.Take(2).ToMatrix(), model.SampleFrom(Tiny.Images(5).Take(2), turns: 1, seed: 3).ToMatrix());
        Assert.NotEqual(near.ToMatrix(), model.SampleFrom(Tiny.Images(5), turns: 1, seed: 4).ToMatrix());
        Assert.Contains("count: found 0", Assert.Throws<ArgumentException>(() => model.Sample(0, turns: 1, seed: 0)).Message);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Options_out_of_range_are_refused_by_name(string property, DbnOptions options) =>
        Assert.Contains(property, Assert.Throws<ArgumentException>(() => Models.Dbn.Train(Labelled(), options)).Message);

    [Fact]
    public void Rows_that_are_no_probabilities_or_have_strange_labels_are_refused()
    {
        DataRows wide = DataRows.Of([0, 0.5f, 2, 0], 2);
        string message = Assert.Throws<ArgumentException>(() => Models.Dbn.Train(wide, Options)).Message;
        Assert.Contains("where row 1 holds 2, expected numbers in 0 to 1", message);
        message = Assert.Throws<ArgumentException>(() => Models.Dbn.Train(Labelled(), Options with { Classes = 1 })).Message;
        Assert.Contains("expected 0 to 0, the classes", message);
    }

    private static string[] Own(EpochMetrics epoch) =>
        [.. epoch.Values.Keys.Where(name => !name.StartsWith("val_", StringComparison.Ordinal))];

    /// <summary>The images, with a label for the half that is bright.</summary>
    private static DataRows Labelled(int rows = 40, int seed = 1)
    {
        DataRows images = Tiny.Images(rows, seed);
        return images.WithLabels([.. Enumerable.Range(0, rows).Select(row => images[row][0] > 0.5f ? 1 : 0)]);
    }
}
