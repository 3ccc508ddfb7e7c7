using System.Text.RegularExpressions;
using Xunit;

namespace Functional.Tests;

public class OjaTests
{
    private static readonly OjaOptions Options = new()
    {
        Components = 2,
        Epochs = 4,
        BatchSize = 7,
        Threads = 2,
    };

    [Theory]
    [InlineData(OjaRule.Subspace)]
    [InlineData(OjaRule.Sanger)]
    public void The_usual_options_find_the_plane_of_the_lecture(OjaRule rule)
    {
        OjaModel model = Models.Oja.Train(Datasets.Plane3D().Train, new OjaOptions { Rule = rule });
        Assert.InRange(model.SubspaceAngle, 0, 1);
        Assert.Equal(model.SubspaceAngle, model.History[^1]["subspace_angle"]);
        Assert.True(model.History["subspace_angle"][0] > 5);
        PcaModel pca = Models.Pca.Train(Datasets.Plane3D().Train);
        Assert.Equal(pca.Evaluate(Datasets.Plane3D().Train)["mse"], model.Evaluate(Datasets.Plane3D().Train)["mse"], 1e-3);
        Assert.Equal(pca.Mean(), model.Mean());
    }

    [Fact]
    public void Sangers_rule_gives_the_components_in_order()
    {
        OjaModel model = Models.Oja.Train(
            Datasets.Plane3D().Train,
            new OjaOptions
            {
                Rule = OjaRule.Sanger,
                Epochs = 200,
                Schedule = Schedules.ExponentialDecay(250, 0.8),
            }
        );
        float[,] expected = Models.Pca.Train(Datasets.Plane3D().Train).Components();
        float[,] found = model.Components();
        for (int a = 0; a < 2; a++)
        {
            double cosine = Enumerable.Range(0, 3).Sum(i => (double)found[a, i] * expected[a, i]);
            Assert.InRange(Math.Abs(cosine), 0.999, 1.001);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_at_any_number_of_threads()
    {
        byte[] expected = Models.Oja.Train(Tiny.Images(), Options).Bytes();
        Assert.Equal(expected, Models.Oja.Train(Tiny.Images(), Options with { Threads = 1 }).Bytes());
        Assert.Equal(expected, Models.Oja.Train(Tiny.Images(), Options with { Threads = 3 }).Bytes());
        Assert.NotEqual(expected, Models.Oja.Train(Tiny.Images(), Options with { Seed = 2 }).Bytes());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(15)]
    public void A_run_that_was_interrupted_goes_on_to_the_same_bits(int steps)
    {
        using TemporaryFolder folder = new();
        OjaOptions options = Options with { Validation = Tiny.Images(20, seed: 2) };
        byte[] expected = Models.Oja.Train(Tiny.Images(), options with { Callbacks = [Callbacks.Checkpoint(folder["whole"])] }).Bytes();
        using CancellationTokenSource source = new();
        int seen = 0;
        Recorder recorder = new(progress =>
        {
            if (progress.Completed is null && ++seen == steps)
                source.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Models.Oja.Train(Tiny.Images(), options with { Callbacks = [Callbacks.Checkpoint(folder["cut"])] }, recorder, source.Token)
        );
        Assert.Equal(expected, Models.Oja.Resume(folder["cut"], data: Tiny.Images(), validation: Tiny.Images(20, seed: 2)).Bytes());
        Assert.Equal(Metrics(folder["whole/metrics.jsonl"]), Metrics(folder["cut/metrics.jsonl"]));
        Assert.Equal(
            File.ReadAllBytes(folder["whole/checkpoints/last.safetensors"]),
            File.ReadAllBytes(folder["cut/checkpoints/last.safetensors"])
        );
    }

    [Fact]
    public void A_saved_model_is_the_same_when_loaded()
    {
        using TemporaryFolder folder = new();
        OjaModel model = Models.Oja.Train(Tiny.Images(), Options with { Activation = Activation.Tanh, Rule = OjaRule.Sanger });
        model.Save(folder["oja.safetensors"]);
        OjaModel again = Models.Oja.Load(folder["oja.safetensors"]);
        Assert.Equal(model.Bytes(), again.Bytes());
        Assert.Equal(model.Encode(Tiny.Images()), again.Encode(Tiny.Images()));
        Assert.Equal(model.Evaluate(Tiny.Images()), again.Evaluate(Tiny.Images()));
        Assert.Equal(model.Options.List(), again.Options.List());
        Assert.IsType<OjaModel>(Models.Load(folder["oja.safetensors"]));
    }

    [Fact]
    public void A_rate_that_is_too_high_diverges_with_a_sentence()
    {
        TrainingDivergedException fault = Assert.Throws<TrainingDivergedException>(() =>
            Models.Oja.Train(Tiny.Images(), Options with { Optimizer = Optimizers.Sgd(1000) })
        );
        Assert.Contains("lower the learning rate", fault.Message);
    }

    private static string Metrics(string path) => Regex.Replace(File.ReadAllText(path), "\"seconds\":[^,]*,", "");
}
