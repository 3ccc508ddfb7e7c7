using System.Text.Json;
using Xunit;
using static Functional.Tests.CommandLine;

namespace Functional.Tests;

/// <summary>Likelihoods of Boltzmann machines from the command line.</summary>
public class LikelihoodTests
{
    private static JsonElement Train(string folder, params string[] settings)
    {
        Outcome trained = Run([
            "train",
            "rbm",
            "--epochs",
            "2",
            "--out",
            folder,
            "--json",
            .. settings.SelectMany(set => (string[])["--set", set]),
        ]);
        Assert.Equal((0, ""), (trained.Code, trained.Code == 0 ? "" : trained.Error));
        return trained.Json.GetProperty("metrics");
    }

    [Fact]
    public void A_small_machine_has_an_exact_likelihood()
    {
        using TemporaryFolder folder = new();
        JsonElement last = Train(folder["run"], "hidden=6", "binarise=threshold", "likelihood-every=2");
        JsonElement held = Run("evaluate", folder["run"], "--split", "validation", "--json").Json.GetProperty("metrics");
        Assert.Equal(last.GetProperty("val_log_likelihood").GetDouble(), held.GetProperty("log_likelihood").GetDouble());
        Assert.Equal(last.GetProperty("log_partition").GetDouble(), held.GetProperty("log_partition").GetDouble());
        Assert.False(held.TryGetProperty("ais_gap", out _));
    }

    [Fact]
    public void A_larger_one_is_annealed_when_asked()
    {
        using TemporaryFolder folder = new();
        Train(folder["run"], "hidden=21", "binarise=threshold");
        JsonElement plain = Run("evaluate", folder["run"], "--json").Json.GetProperty("metrics");
        Assert.False(plain.TryGetProperty("log_likelihood", out _));
        JsonElement asked = Run("evaluate", folder["run"], "--samples", "4", "--json").Json.GetProperty("metrics");
        Assert.True(asked.GetProperty("log_likelihood").GetDouble() < 0);
        Assert.InRange(asked.GetProperty("ais_gap").GetDouble(), -1, 1);
    }
}
