using System.Text.Json;
using Xunit;
using static Functional.Tests.CommandLine;

namespace Functional.Tests;

public class RbmTests
{
    /// <summary>Options of a training that takes seconds.</summary>
    public static readonly string[] Options = ["--set", "hidden=24", "--set", "gibbs-steps=2", "--seed", "5"];

    [Fact]
    public void A_machine_is_trained_measured_and_used_from_the_command_line()
    {
        using TemporaryFolder folder = new();
        Outcome trained = Run(["train", "rbm", .. Options, "--epochs", "2", "--out", folder["run"], "--json"]);
        Assert.Equal((0, ""), (trained.Code, trained.Code == 0 ? "" : trained.Error));
        JsonElement last = trained.Json.GetProperty("metrics");
        foreach (string name in (string[])["reconstruction_error", "pseudo_likelihood", "free_energy_gap", "val_reconstruction_error"])
            Assert.True(double.IsFinite(last.GetProperty(name).GetDouble()), name);
        Assert.True(File.Exists(folder["run/samples/epoch-0002.png"]));

        JsonElement validation = Run("evaluate", folder["run"], "--split", "validation", "--json").Json.GetProperty("metrics");
        Assert.Equal(last.GetProperty("val_loss").GetDouble(), validation.GetProperty("loss").GetDouble());
        Assert.Equal(0, Run("sample", folder["run"], "-n", "6", "-o", folder["samples.png"]).Code);
        Assert.Equal(0, Run("reconstruct", folder["run"], "-n", "6", "-o", folder["rows.png"]).Code);
        JsonElement coded = Run("encode", folder["run"], "--split", "test", "-o", folder["codes.npz"], "--json").Json;
        Assert.Equal((312, 24), (coded.GetProperty("rows").GetInt32(), coded.GetProperty("columns").GetInt32()));
        Assert.Equal(0, Run("report", folder["run"], "-o", folder["page.html"]).Code);
        // The file holds the machine and nothing of its training.
        JsonElement parameters = Run("inspect", folder["run"], "--json").Json.GetProperty("parameters");
        string?[] names = [.. parameters.EnumerateArray().Select(entry => entry.GetProperty("name").GetString())];
        Assert.Equal(["HiddenBias", "VisibleBias", "Weight"], names.Order());
    }

    [Theory]
    [InlineData("gibbs-steps: found '0', expected a whole number, 1 or more", "gibbs-steps=0")]
    [InlineData("perhaps you meant persistent-chains", "persistant-chains=3")]
    [InlineData("one of sampled, mean-field", "update=means")]
    public void Options_that_make_no_sense_are_refused_before_a_run_is_made(string expected, string setting)
    {
        using TemporaryFolder folder = new();
        Outcome outcome = Run("train", "rbm", "--set", setting, "--out", folder["run"]);
        Assert.Equal(2, outcome.Code);
        Assert.Contains(expected, outcome.Error);
        Assert.False(Directory.Exists(folder["run"]));
    }
}
