using System.Text.Json;
using Xunit;
using static Functional.Tests.CommandLine;

namespace Functional.Tests;

public class ComponentTests
{
    [Theory]
    [InlineData("pca", "Components")]
    [InlineData("oja", "Reference.Components")]
    public void Components_are_found_measured_and_used_from_the_command_line(string model, string parameter)
    {
        using TemporaryFolder folder = new();
        Outcome trained = Run("train", model, "--data", "plane3d", "--out", folder["run"], "--json");
        Assert.Equal((0, ""), (trained.Code, trained.Code == 0 ? "" : trained.Error));
        JsonElement last = trained.Json.GetProperty("metrics");
        foreach (string name in (string[])["mse", "explained_variance", "subspace_angle", "val_mse"])
            Assert.True(last.GetProperty(name).GetDouble() >= 0, name);
        Assert.InRange(last.GetProperty("subspace_angle").GetDouble(), 0, 1);

        JsonElement test = Run("evaluate", folder["run"], "--json").Json.GetProperty("metrics");
        Assert.Equal(last.GetProperty("val_mse").GetDouble(), test.GetProperty("mse").GetDouble());
        Assert.Equal(last.GetProperty("subspace_angle").GetDouble(), test.GetProperty("subspace_angle").GetDouble());

        JsonElement coded = Run("encode", folder["run"], "-o", folder["codes.npz"], "--json").Json;
        Assert.Equal((100, 2), (coded.GetProperty("rows").GetInt32(), coded.GetProperty("columns").GetInt32()));
        JsonElement parameters = Run("inspect", folder["run"], "--json").Json.GetProperty("parameters");
        Assert.Contains(parameters.EnumerateArray(), entry => entry.GetProperty("name").GetString() == parameter);

        byte[] finished = File.ReadAllBytes(folder["run/model.safetensors"]);
        Assert.Equal(0, Run("train", "--resume", folder["run"]).Code);
        Assert.Equal(finished, File.ReadAllBytes(folder["run/model.safetensors"]));
    }

    [Fact]
    public void Pictures_are_reconstructed()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(0, Run("train", "pca", "--set", "components=12", "--out", folder["run"]).Code);
        Assert.Equal(0, Run("reconstruct", folder["run"], "-n", "6", "-o", folder["rows.png"]).Code);
        Assert.Equal("PNG", System.Text.Encoding.ASCII.GetString(File.ReadAllBytes(folder["rows.png"]), 1, 3));
    }

    [Theory]
    [InlineData("components: found '0', expected a whole number, 1 or more", "pca", "components=0")]
    [InlineData("expected 1 to 3, as 100 rows of 3 numbers vary in no more directions", "pca", "components=4")]
    [InlineData("expected 1 to 3, as 100 rows of 3 numbers vary in no more directions", "oja", "components=4")]
    [InlineData("option: found 'optimizer', expected one of epochs, components", "pca", "optimizer=adam:0.1")]
    [InlineData("perhaps you meant sanger", "oja", "rule=sangar")]
    public void Options_that_make_no_sense_are_refused_before_a_run_is_made(string expected, string model, string setting)
    {
        using TemporaryFolder folder = new();
        Outcome outcome = Run("train", model, "--data", "plane3d", "--set", setting, "--out", folder["run"]);
        Assert.Equal(2, outcome.Code);
        Assert.Contains(expected, outcome.Error);
        Assert.False(Directory.Exists(folder["run"]));
    }
}
