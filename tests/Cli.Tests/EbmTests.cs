using System.Text.Json;
using Xunit;
using static Functional.Tests.CommandLine;

namespace Functional.Tests;

public class EbmTests
{
    /// <summary>Options of a training that takes seconds.</summary>
    public static readonly string[] Options =
    [
        "--seed",
        "5",
        "--batch-size",
        "128",
        "--set",
        "layers=conv:4:5:stride=4:padding=same,swish,flatten,dense:8,swish",
        "--set",
        "chain-steps=3",
        "--set",
        "sample-steps=4",
        "--set",
        "buffer-size=150",
    ];

    [Fact]
    public void It_is_trained_asked_and_drawn_from()
    {
        using TemporaryFolder folder = new();
        Outcome trained = Run(["train", "ebm", .. Options, "--epochs", "2", "--out", folder["run"], "--json"]);
        Assert.Equal((0, ""), (trained.Code, trained.Code == 0 ? "" : trained.Error));
        string[] names = ["loss", "cdiv", "reg", "energy_real", "energy_fake", "saturation"];
        foreach (string name in names)
        {
            Assert.True(trained.Json.GetProperty("metrics").TryGetProperty(name, out _), name);
            Assert.True(trained.Json.GetProperty("metrics").TryGetProperty("val_" + name, out _), "val_" + name);
        }

        Assert.True(File.Exists(folder["run/samples/epoch-0002.png"]));
        JsonElement test = Run("evaluate", folder["run"], "--against", "noise", "--json").Json.GetProperty("metrics");
        Assert.InRange(test.GetProperty("auroc").GetDouble(), 0, 1);
        Assert.True(test.TryGetProperty("energy_noise", out _));
        JsonElement same = Run("evaluate", folder["run"], "--against", "letters", "--json").Json.GetProperty("metrics");
        Assert.Equal(0.5, same.GetProperty("auroc").GetDouble());

        Assert.Equal(0, Run("sample", folder["run"], "-n", "6", "-o", folder["samples.png"]).Code);
        JsonElement ways = Run("sample", folder["run"], "--trajectory", "3", "-n", "2", "-o", folder["ways.png"], "--json").Json;
        Assert.Equal((2, 3), (ways.GetProperty("chains").GetInt32(), ways.GetProperty("pictures").GetInt32()));
        Assert.True(File.Exists(folder["ways.png"]));
    }

    [Fact]
    public void With_labels_it_draws_from_a_class()
    {
        using TemporaryFolder folder = new();
        Outcome trained = Run(["train", "ebm", .. Options, "--set", "label-weight=1", "--epochs", "1", "--out", folder["run"], "--json"]);
        Assert.InRange(trained.Json.GetProperty("metrics").GetProperty("val_accuracy").GetDouble(), 0, 1);
        Assert.Equal(0, Run("sample", folder["run"], "--class", "2", "-n", "3", "-o", folder["c.png"]).Code);
        Outcome beyond = Run("sample", folder["run"], "--class", "26", "-o", folder["c.png"]);
        Assert.Equal((2, true), (beyond.Code, beyond.Error.Contains("found 26, expected 0 to 25, the classes")));
        Assert.Contains("--class: found 'C'", Run("sample", folder["run"], "--class", "C").Error);
    }

    [Fact]
    public void A_run_that_diverges_ends_with_1_and_is_rescued_by_going_back()
    {
        using TemporaryFolder folder = new();
        string[] wild = ["train", "ebm", .. Options, "--epochs", "2", "--set", "optimizer=adam:3:0"];
        Outcome ended = Run([.. wild, "--out", folder["ended"]]);
        Assert.Equal(1, ended.Code);
        Assert.Contains("found cdiv of ", ended.Error);
        Outcome rescued = Run([.. wild, "--on-divergence", "rollback", "--out", folder["rescued"]]);
        Assert.Equal(0, rescued.Code);
        Assert.Contains("rollback: found cdiv of ", rescued.Error);
    }

    [Fact]
    public void What_other_models_can_not_do_is_refused()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(0, Run(["train", "vae", .. SmallRun.Options, "--out", folder["vae"]]).Code);
        Outcome energies = Run("evaluate", folder["vae"], "--against", "noise");
        Assert.Equal(2, energies.Code);
        Assert.Contains("expected one that can give energies", energies.Error);
        Assert.Contains("expected one that can show its chains", Run("sample", folder["vae"], "--trajectory", "3").Error);
        Assert.Contains("expected one of them", Run("sample", folder["vae"], "--trajectory", "3", "--manifold", "3").Error);
    }
}
