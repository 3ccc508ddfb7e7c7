using Xunit;

namespace Functional.Tests;

public class ClassifierTests
{
    private static readonly CnnOptions Options = new()
    {
        Layers = ["conv:4:3:padding=same", "batchnorm", "relu", "maxpool:2", "flatten", "dropout:0.1", "dense:6", "relu"],
        Epochs = 4,
        BatchSize = 8,
        Threads = 2,
    };

    private static readonly Lazy<Network> Trained = new(() => Models.Cnn.Train(Bars(), Options));

    private static Network Model => Trained.Value;

    [Fact]
    public void A_network_is_built_layer_by_layer()
    {
        UntrainedNetwork cnn = Models.Classifier.Build(net =>
            net.Pad(1)
                .Conv2D(4, 3, stride: 2, padding: Padding.Same, regularizer: Regularizers.L2(0.5))
                .Relu()
                .MaxPool(2)
                .Flatten()
                .Dense(8, Initializer.HeUniform)
                .BatchNorm(0.9)
                .Elu()
                .Dropout(0.1f)
                .Dense(3)
        );
        Assert.Equal(
            "pad:1,conv:4:3:stride=2:padding=same:l2=0.5,relu,maxpool:2,flatten,dense:8:init=he-uniform,batchnorm:momentum=0.9,elu,dropout:0.1,dense:3",
            cnn.ToString()
        );
        Network model = cnn.Train(
            Bars(),
            new CnnOptions
            {
                Epochs = 40,
                BatchSize = 8,
                Optimizer = Optimizers.Adam(0.01),
                Validation = Bars(30, 2),
            }
        );
        Assert.Equal(cnn.ToString(), model.Layers);
        Assert.Equal(1, model.History[^1]["val_accuracy"]);
        Assert.Equal(3, model.Classes);
    }

    [Fact]
    public void Every_layer_can_be_built()
    {
        NetworkBuilder net = new NetworkBuilder()
            .Reshape(1, 4, 6)
            .ConvTranspose2D(2, 3, 2, Padding.Explicit(1, 0), bias: false, initializer: Initializer.Normal(0.5))
            .LeakyRelu()
            .AvgPool(2, 1)
            .Sigmoid()
            .Flatten()
            .Tanh()
            .Swish()
            .Softplus()
            .Softmax()
            .Activation(Activation.Linear);
        Assert.Equal(
            "reshape:1x4x6,convtranspose:2:3:stride=2:padding=1x0:bias=false:init=normal-0.5,leaky-relu,avgpool:2:stride=1,sigmoid,flatten,tanh,swish,softplus,softmax,linear",
            net.ToString()
        );
        Assert.Equal(net.ToString(), new NetworkBuilder().Add(net.ToString()).ToString());
    }

    [Fact]
    public void Measures_agree_with_the_probabilities()
    {
        DataRows rows = Bars(70, 3);
        float[,] probabilities = Model.Probabilities(rows);
        int[] predicted = Model.Predict(rows);
        int[,] expected = new int[3, 3];
        for (int row = 0; row < rows.Count; row++)
        {
            float[] own = Model.Probabilities(rows[row]);
            Assert.Equal(1, own.Sum(), 1e-5);
            Assert.Equal([probabilities[row, 0], probabilities[row, 1], probabilities[row, 2]], own);
            Assert.Equal(own.Max(), own[predicted[row]]);
            Assert.Equal(predicted[row], Model.Predict(rows[row]));
            expected[rows.Labels![row], predicted[row]]++;
        }

        int[,] confusion = Model.Confusion(rows);
        Assert.Equal(expected, confusion);
        double right = confusion[0, 0] + confusion[1, 1] + confusion[2, 2];
        Assert.Equal(right / 70, Model.Evaluate(rows)["accuracy"], 1e-6);
        Assert.Equal(right / 70, Model.TopK(rows, 1), 1e-12);
        Assert.Equal(1, Model.TopK(rows, 3));
        int second = Enumerable
            .Range(0, 70)
            .Count(row => Model.Probabilities(rows[row]).Count(p => p > probabilities[row, rows.Labels![row]]) < 2);
        Assert.Equal(second / 70.0, Model.TopK(rows, 2), 1e-12);
        IReadOnlyList<ClassErrors> errors = Model.ErrorsByClass(rows);
        Assert.Equal(["0", "1", "2"], errors.Select(error => error.Name));
        Assert.Equal(70 - right, errors.Sum(error => error.Errors));
        Assert.Equal(70, errors.Sum(error => error.Rows));
        Assert.Equal(6, Model.Encode(rows).GetLength(1));
        Assert.Equal(Model.Encode(rows)[5, 2], Model.Encode(rows[5])[2]);
    }

    [Fact]
    public void A_saved_network_is_the_same_when_loaded()
    {
        using TemporaryFolder folder = new();
        Model.Save(folder["cnn.safetensors"]);
        Network again = Models.Classifier.Load(folder["cnn.safetensors"]);
        Assert.Equal(Model.Bytes(), again.Bytes());
        Assert.Equal(Model.Layers, again.Layers);
        Assert.Equal(Model.Probabilities(Bars()), again.Probabilities(Bars()));
        Assert.Equal(Model.Evaluate(Bars()), again.Evaluate(Bars()));
        Assert.Equal("cnn", again.Kind);
        MlpTrainer mlp = Models.Mlp;
        Assert.Throws<InvalidDataException>(() => mlp.Load(folder["cnn.safetensors"]));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_at_any_number_of_threads()
    {
        byte[] expected = Model.Bytes();
        Assert.Equal(expected, Models.Cnn.Train(Bars(), Options with { Threads = 1 }).Bytes());
        Assert.Equal(expected, Models.Cnn.Train(Bars(), Options with { Threads = 3 }).Bytes());
        Assert.NotEqual(expected, Models.Cnn.Train(Bars(), Options with { Seed = 2 }).Bytes());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(13)]
    public void A_run_that_was_interrupted_goes_on_to_the_same_bits(int steps)
    {
        using TemporaryFolder folder = new();
        CnnOptions kept = Options with { ClassWeights = ClassWeights.Balanced, Callbacks = [Callbacks.Checkpoint(folder["cut"])] };
        byte[] expected = Models.Cnn.Train(Bars(), kept with { Callbacks = [] }).Bytes();
        using CancellationTokenSource source = new();
        int seen = 0;
        Recorder recorder = new(progress =>
        {
            if (progress.Completed is null && ++seen == steps)
                source.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Models.Cnn.Train(Bars(), kept, recorder, source.Token));
        Assert.Equal(expected, Models.Cnn.Resume(folder["cut"], data: Bars()).Bytes());
    }

    [Fact]
    public void A_perceptron_has_the_layers_of_its_options()
    {
        MlpOptions options = new()
        {
            Hidden = [9, 5],
            Activation = Activation.Elu,
            BatchNorm = true,
            Dropout = 0.25,
            Epochs = 2,
        };
        Network model = Models.Mlp.Train(Bars(), options);
        Assert.Equal("dense:9,batchnorm,elu,dropout:0.25,dense:5,batchnorm,elu,dropout:0.25", model.Layers);
        Assert.Equal("mlp", model.Kind);
        Assert.Equal(5, model.Encode(Bars()).GetLength(1));
        Assert.Equal("dense:7,relu", Models.Mlp.Train(Bars(), new MlpOptions { Hidden = [7], Epochs = 1 }).Layers);
    }

    [Fact]
    public void Weights_of_rows_and_classes_are_one_thing()
    {
        DataRows rows = Bars();
        double[] weights = [0.5, 2, 3];
        float[] byRow = [.. rows.Labels!.Select(label => (float)weights[label])];
        MlpOptions options = new() { Hidden = [5], Epochs = 2 };
        Network byClass = Models.Mlp.Train(rows, options with { ClassWeights = ClassWeights.Of(weights) });
        Network weighted = Models.Mlp.Train(rows.WithWeights(byRow), options);
        Assert.Equal(byClass.History["loss"], weighted.History["loss"]);
        Assert.Equal(byClass.Probabilities(rows), weighted.Probabilities(rows));
        Assert.NotEqual(byClass.History["loss"], Models.Mlp.Train(rows, options).History["loss"]);
    }

    [Fact]
    public void Balanced_weights_are_settled_when_training_begins()
    {
        DataRows rows = DataRows.Of(new float[12], 2).WithLabels(0, 0, 1, 0, 0, 0);
        Network model = Models.Mlp.Train(
            rows,
            new MlpOptions
            {
                Hidden = [3],
                Epochs = 1,
                ClassWeights = ClassWeights.Parse("balanced"),
            }
        );
        Assert.Equal("0.6,3", model.Options.ClassWeights.ToString());
        Assert.Equal(2, model.Options.Classes);
    }

    [Theory]
    [InlineData("layers", "conv:4:9,flatten", "layer 0, conv:4:9, for rows of [1; 6; 6]: conv2d: found size 6")]
    [InlineData("layers", "flaten", "perhaps you meant flatten")]
    [InlineData("layers", "flatten,dense:4", "layers: found 4 units in the last layer, expected 3")]
    [InlineData("classes", "2", "data: found label 2 at row 2 of rows, expected 0 to 1, the classes")]
    [InlineData("class-weights", "1,2", "class-weights: found 2 weights, expected 3, one a class")]
    [InlineData("class-weights", "1,-2,1", "class-weights: found -2, expected 0 or more")]
    [InlineData("class-weights", "balenced", "perhaps you meant balanced")]
    [InlineData("frozen", "Layers.9", "frozen: found 'Layers.9', expected the beginning of a parameter's path")]
    public void Options_that_do_not_fit_are_refused(string key, string text, string expected)
    {
        ArgumentException fault = Assert.ThrowsAny<ArgumentException>(() =>
        {
            CnnOptions options = (CnnOptions)Options.With(KeyValuePair.Create(key, text));
            Models.Cnn.Train(Bars(), key == "classes" ? options : options with { Classes = 3 });
        });
        Assert.Contains(expected, fault.Message);
    }

    [Fact]
    public void Frozen_layers_stay_as_they_began()
    {
        using TemporaryFolder folder = new();
        Network Train(int epochs, params string[] frozen) =>
            Models.Mlp.Train(
                Bars(),
                new MlpOptions
                {
                    Hidden = [5],
                    Epochs = epochs,
                    Frozen = frozen,
                }
            );
        Network first = Train(1, "Layers.0");
        Network later = Train(4, "Layers.0");
        // The hidden layer is what the last one sees.
        Assert.Equal(first.Encode(Bars()), later.Encode(Bars()));
        Assert.NotEqual(first.Probabilities(Bars()), later.Probabilities(Bars()));
        Assert.NotEqual(first.Encode(Bars()), Train(1).Encode(Bars()));
    }

    [Fact]
    public void Rows_that_do_not_fit_are_refused()
    {
        DataRows unlabelled = DataRows.Of(Bars().Values, 6, 6);
        Assert.Contains("no labels", Assert.Throws<ArgumentException>(() => Models.Cnn.Train(unlabelled, Options)).Message);
        Assert.Contains("no labels", Assert.Throws<ArgumentException>(() => Model.Confusion(unlabelled)).Message);
        Assert.Throws<ArgumentException>(() => Model.Predict(new float[35]));
        Assert.Throws<ArgumentException>(() => Model.TopK(Bars(), 0));
        Assert.Throws<ArgumentException>(() => Model.TopK(Bars(), 4));
        Assert.ThrowsAny<ArgumentException>(() => unlabelled.WithLabels(1, 2));
        Assert.ThrowsAny<ArgumentException>(() => unlabelled.WithWeights(1, -2));
        Assert.ThrowsAny<ArgumentException>(() =>
            Models.Cnn.Train(unlabelled.WithLabels([.. Enumerable.Repeat(-1, unlabelled.Count)]), Options)
        );
    }

    [Fact]
    public void Many_threads_can_ask_one_network()
    {
        float[,] expected = Model.Probabilities(Bars(150));
        Parallel.For(0, 32, i => Assert.Equal(expected, Model.Probabilities(Bars(150))));
    }

    /// <summary>Images of 6 by 6 with a bar on the left, in the middle or on the right, and which it is.</summary>
    private static DataRows Bars(int rows = 40, int seed = 1)
    {
        Random random = new(seed);
        float[] values = new float[rows * 36];
        for (int i = 0; i < values.Length; i++)
            values[i] = (i % 6 / 2 == i / 36 % 3 ? 0.7f : 0) + 0.3f * random.NextSingle();
        return DataRows.Of(values, 6, 6).WithLabels([.. Enumerable.Range(0, rows).Select(row => row % 3)]);
    }
}
