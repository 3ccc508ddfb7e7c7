using System.Text.Json;
using Xunit;
using static Functional.Tests.CommandLine;

namespace Functional.Tests;

public class DbnTests
{
    private static readonly string[] Options =
    [
        "--set",
        "hidden=24,12",
        "--set",
        "pretrain-epochs=1",
        "--set",
        "labelled-rows=260",
        "--epochs",
        "3",
    ];

    [Fact]
    public void A_net_is_trained_measured_and_used_from_the_command_line()
    {
        using TemporaryFolder folder = new();
        Outcome trained = Run(["train", "dbn", .. Options, "--out", folder["run"], "--json"]);
        Assert.Equal((0, ""), (trained.Code, trained.Code == 0 ? "" : trained.Error));
        double accuracy = trained.Json.GetProperty("metrics").GetProperty("val_accuracy").GetDouble();
        JsonElement found = Run("evaluate", folder["run"], "--split", "validation", "--json").Json;
        Assert.Equal(accuracy, found.GetProperty("metrics").GetProperty("accuracy").GetDouble());
        JsonElement[] errors = [.. found.GetProperty("errors_by_class").EnumerateArray()];
        double rows = errors.Sum(error => error.GetProperty("rows").GetInt32());
        Assert.Equal(1 - accuracy, errors.Sum(error => error.GetProperty("errors").GetInt32()) / rows, 1e-6);
        Assert.Equal(0, Run("sample", folder["run"], "-n", "6", "-o", folder["samples.png"]).Code);
        Assert.Equal(0, Run("reconstruct", folder["run"], "-n", "6", "-o", folder["rows.png"]).Code);
        JsonElement coded = Run("encode", folder["run"], "--split", "test", "-o", folder["codes.npz"], "--json").Json;
        Assert.Equal((312, 12), (coded.GetProperty("rows").GetInt32(), coded.GetProperty("columns").GetInt32()));
        Assert.Equal(0, Run("report", folder["run"], "-o", folder["page.html"]).Code);
        Assert.Equal(0, Run("inspect", folder["run"]).Code);
    }

    [Theory]
    [InlineData("pretrain-epochs: found '0', expected a whole number, 1 or more", "pretrain-epochs=0")]
    [InlineData("perhaps you meant labelled-rows", "labeled-rows=3")]
    [InlineData("one of contrast, reconstruction", "pretrain=rbm")]
    [InlineData("epochs: found 60, expected more than 60", "pretrain-epochs=60")]
    public void Options_that_make_no_sense_are_refused(string expected, string setting)
    {
        using TemporaryFolder folder = new();
        Outcome outcome = Run("train", "dbn", "--set", setting, "--out", folder["run"]);
        Assert.Equal(2, outcome.Code);
        Assert.Contains(expected, outcome.Error);
    }
}
