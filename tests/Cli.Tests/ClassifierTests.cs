using System.Text.Json;
using Xunit;
using static Functional.Tests.CommandLine;

namespace Functional.Tests;

public sealed class ClassifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mlp", "hidden=32", "dropout=0.1")]
    [InlineData("cnn", "layers=conv:4:5:stride=3,batchnorm,relu,flatten", "class-weights=balanced")]
    public void A_classifier_is_trained_evaluated_and_asked_for_features(string model, params string[] settings)
    {
        string run = _folder["run"];
        string[] sets = [.. settings.SelectMany(setting => (string[])["--set", setting])];
        Outcome trained = Run(["train", model, "--epochs", "2", "--out", run, "--json", .. sets]);
        Assert.Equal(0, trained.Code);
        double accuracy = trained.Json.GetProperty("metrics").GetProperty("val_accuracy").GetDouble();
        JsonElement found = Run("evaluate", run, "--split", "validation", "--json").Json;
        Assert.Equal(accuracy, found.GetProperty("metrics").GetProperty("accuracy").GetDouble());
        JsonElement[] errors = [.. found.GetProperty("errors_by_class").EnumerateArray()];
        Assert.Equal(("A", "Z"), (errors[0].GetProperty("class").GetString(), errors[25].GetProperty("class").GetString()));
        double rows = errors.Sum(error => error.GetProperty("rows").GetInt32());
        Assert.Equal(1 - accuracy, errors.Sum(error => error.GetProperty("errors").GetInt32()) / rows, 1e-6);
        Assert.Contains("errors A", Run("evaluate", run).Output);
        Assert.Equal(312, Run("encode", run, "--split", "test", "-o", _folder["codes.npz"], "--json").Json.GetProperty("rows").GetInt32());
        Assert.Equal(2, Run("sample", run, "-o", _folder["a.png"]).Code);
    }

    [Theory]
    [InlineData(
        "layers=conv:4:3,dense:26",
        "layer 1, dense:26, for rows of [4; 27; 27]: dense: found [4; 27; 27], expected rows of numbers"
    )]
    [InlineData("layers=relo", "perhaps you meant relu")]
    [InlineData("layers=flatten,dense:10", "expected 0 to 9, the classes")]
    [InlineData("class-weights=1,2", "class-weights: found 2 weights, expected 26, one a class")]
    public void Layers_that_do_not_fit_are_refused_with_one_sentence(string setting, string expected)
    {
        Outcome refused = Run("train", "cnn", "--set", setting, "--out", _folder["run"]);
        Assert.Equal(2, refused.Code);
        Assert.Contains(expected, refused.Error);
    }
}
