using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Functional.Tests;

public class RunFolderTests
{
    private static readonly string[] Results =
    [
        "model.safetensors",
        "checkpoints/last.safetensors",
        "checkpoints/best.safetensors",
        "samples/epoch-0001.png",
        "samples/epoch-0003.png",
    ];

    [Fact]
    public void A_run_leaves_everything_behind()
    {
        using TemporaryFolder folder = new();
        VaeModel model = Train(folder["run"]);
        Assert.All(Results, file => Assert.True(File.Exists(folder[$"run/{file}"]), file));
        using JsonDocument config = JsonDocument.Parse(File.ReadAllText(folder["run/config.json"]));
        Assert.Equal("vae", config.RootElement.GetProperty("model").GetString());
        Assert.Equal(6, config.RootElement.GetProperty("options").GetProperty("hidden")[0].GetInt32());
        Assert.Equal(64, config.RootElement.GetProperty("data").GetProperty("sha256").GetString()!.Length);
        string[] lines = File.ReadAllLines(folder["run/metrics.jsonl"]);
        Assert.Equal(3, lines.Length);
        using JsonDocument last = JsonDocument.Parse(lines[2]);
        Assert.Equal(18, last.RootElement.GetProperty("step").GetInt32());
        Assert.Equal(model.History[2]["val_kl"], last.RootElement.GetProperty("val_kl").GetDouble());
        Assert.Equal(model.Bytes(), Models.Load(folder["run/model.safetensors"]).Bytes());
        Assert.Equal("vae", TensorFile.Read(folder["run/checkpoints/last.safetensors"]).Metadata["model"]);
    }

    [Fact]
    public void Keeping_a_run_does_not_change_what_is_learnt()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(Models.Vae.Train(Tiny.Images(), Options()).Bytes(), Train(folder["run"]).Bytes());
    }

    [Fact]
    public void A_folder_with_a_run_is_refused()
    {
        using TemporaryFolder folder = new();
        Train(folder["run"]);
        string config = File.ReadAllText(folder["run/config.json"]);
        Assert.Throws<ArgumentException>(() => Train(folder["run"], epochs: 9));
        Assert.Equal(config, File.ReadAllText(folder["run/config.json"]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(9)]
    [InlineData(17)]
    public void A_run_that_was_interrupted_goes_on_to_the_same_bits(int steps)
    {
        using TemporaryFolder folder = new();
        Train(folder["whole"]);
        Interrupt(folder["cut"], steps);
        Models.Vae.Resume(folder["cut"], data: Tiny.Images(), validation: Tiny.Images(20, seed: 2));
        AssertSame(folder, "whole", "cut");
    }

    [Fact]
    public void What_was_written_after_the_checkpoint_is_done_again()
    {
        using TemporaryFolder folder = new();
        Train(folder["whole"]);
        Interrupt(folder["cut"], 7);
        string unfinished = folder["cut/checkpoints/.last.safetensors.0.tmp"];
        File.WriteAllText(unfinished, "half");
        File.AppendAllText(folder["cut/metrics.jsonl"], "{\"epoch\":2,\"step\":12,\"seconds\":1,\"loss\":1}\n{\"epoch\":3,\"st");
        Models.Vae.Resume(folder["cut"], data: Tiny.Images(), validation: Tiny.Images(20, seed: 2));
        AssertSame(folder, "whole", "cut");
        Assert.False(File.Exists(unfinished));
    }

    [Fact]
    public void A_run_that_was_killed_before_its_first_checkpoint_begins_anew()
    {
        using TemporaryFolder folder = new();
        Train(folder["whole"]);
        Interrupt(folder["cut"], 4);
        File.Delete(folder["cut/checkpoints/last.safetensors"]);
        Models.Vae.Resume(folder["cut"], data: Tiny.Images(), validation: Tiny.Images(20, seed: 2));
        AssertSame(folder, "whole", "cut");
    }

    [Fact]
    public void A_finished_run_goes_on_to_more_epochs()
    {
        using TemporaryFolder folder = new();
        Train(folder["whole"], epochs: 5);
        Train(folder["cut"]);
        VaeModel model = Models.Vae.Resume(folder["cut"], epochs: 5, data: Tiny.Images(), validation: Tiny.Images(20, seed: 2));
        Assert.Equal(5, model.History.Count);
        AssertSame(folder, "whole", "cut");
        Assert.Throws<ArgumentException>(() =>
            Models.Vae.Resume(folder["cut"], epochs: 2, data: Tiny.Images(), validation: Tiny.Images(20, seed: 2))
        );
    }

    [Fact]
    public void Named_data_are_found_again()
    {
        using TemporaryFolder folder = new();
        DataSplits plane = Datasets.Plane3D();
        VaeOptions options = Options() with
        {
            Likelihood = Likelihood.Gaussian(0.5),
            Validation = plane.HeldOut,
            Callbacks = [Callbacks.Checkpoint(folder["run"])],
        };
        Models.Vae.Train(plane.Train, options);
        Assert.Equal(4, Models.Vae.Resume(folder["run"], epochs: 4).History.Count);
        Assert.Equal("plane3d", RunFolder.Open(folder["run"]).Data);
        Assert.Equal(plane.Test.ToMatrix(), RunFolder.Open(folder["run"]).LoadData().Test.ToMatrix());
    }

    [Fact]
    public void Other_rows_than_those_of_the_run_are_refused()
    {
        using TemporaryFolder folder = new();
        Interrupt(folder["cut"], 4);
        Assert.Throws<ArgumentException>(() => Models.Vae.Resume(folder["cut"]));
        Assert.Throws<InvalidDataException>(() =>
            Models.Vae.Resume(folder["cut"], data: Tiny.Images(41), validation: Tiny.Images(20, seed: 2))
        );
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("{}", "model")]
    [InlineData("[1]", "JSON")]
    [InlineData("{\"model\":\"vea\",\"options\":{}}", "perhaps you meant vae")]
    [InlineData("{\"model\":\"vae\",\"options\":{\"latent-size\":0}}", "latent-size")]
    [InlineData("{\"model\":7}", "model")]
    public void Damaged_settings_are_refused(string config, string expected)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["config.json"], config);
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => RunFolder.Open(folder[""])).Message);
    }

    [Fact]
    public void A_training_that_diverges_says_where_and_keeps_what_was_learnt()
    {
        using TemporaryFolder folder = new();
        VaeOptions options = Options() with { Optimizer = Optimizers.Sgd(1e30), Callbacks = [Callbacks.Checkpoint(folder["run"])] };
        TrainingDivergedException fault = Assert.Throws<TrainingDivergedException>(() => Models.Vae.Train(Tiny.Images(), options));
        Assert.InRange(fault.Step, 2, 3);
        Assert.NotEmpty(fault.Tensor);
        Assert.Equal(folder["run/checkpoints/last.safetensors"], fault.LastCheckpoint);
        // The checkpoint stands before the step, so that going on meets the same step.
        TrainingDivergedException again = Assert.Throws<TrainingDivergedException>(() =>
            Models.Vae.Resume(folder["run"], data: Tiny.Images(), validation: Tiny.Images(20, seed: 2))
        );
        Assert.Equal((fault.Step, fault.Tensor), (again.Step, again.Tensor));
        Assert.Null(
            Assert.Throws<TrainingDivergedException>(() => Models.Vae.Train(Tiny.Images(), options with { Callbacks = [] })).LastCheckpoint
        );
    }

    private static VaeOptions Options(int epochs = 3) => Tiny.Options with { Epochs = epochs, Validation = Tiny.Images(20, seed: 2) };

    private static VaeModel Train(
        string run,
        int epochs = 3,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken token = default
    ) => Models.Vae.Train(Tiny.Images(), Options(epochs) with { Callbacks = [Callbacks.Checkpoint(run)] }, progress, token);

    private static void Interrupt(string run, int steps)
    {
        using CancellationTokenSource source = new();
        int seen = 0;
        Recorder recorder = new(progress =>
        {
            if (progress.Completed is null && ++seen == steps)
                source.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Train(run, progress: recorder, token: source.Token));
    }

    private static void AssertSame(TemporaryFolder folder, string one, string other)
    {
        Assert.All(Results, file => Assert.Equal(File.ReadAllBytes(folder[$"{one}/{file}"]), File.ReadAllBytes(folder[$"{other}/{file}"])));
        Assert.Equal(Metrics(folder[$"{one}/metrics.jsonl"]), Metrics(folder[$"{other}/metrics.jsonl"]));
    }

    private static string Metrics(string path) => Regex.Replace(File.ReadAllText(path), "\"seconds\":[^,]*,", "");
}
