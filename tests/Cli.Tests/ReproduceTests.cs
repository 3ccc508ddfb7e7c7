using System.Text.Json;
using Functional.Cli;
using Functional.Experiments;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Xunit;
using static Functional.Tests.CommandLine;
using Outcome = Functional.Tests.CommandLine.Outcome;

namespace Functional.Tests;

public class ReproduceTests
{
    [Fact]
    public void List_has_an_id_in_the_first_column_of_each_line()
    {
        string[] lines = Run("reproduce", "--list").Output.TrimEnd().Split('\n');
        Assert.Equal(Catalog.all.Select(experiment => experiment.Id), lines.Select(line => line.Split(' ')[0]));
        JsonElement listed = Run("reproduce", "--list", "--json").Json.GetProperty("experiments");
        Assert.Equal(Catalog.all.Length, listed.GetArrayLength());
    }

    [Fact]
    public void Numbers_come_as_a_table_and_as_json_and_are_kept()
    {
        using TemporaryFolder folder = new();
        Outcome table = Run("reproduce", "vanishing-gradient", "--quick", "--out", folder["table"]);
        Assert.Equal(0, table.Code);
        Assert.Contains("0.188143725087062", table.Output);
        Assert.Contains("pass", table.Output);
        Assert.Contains("vanishing-gradient: pass", table.Error);
        Outcome json = Run("reproduce", "vanishing-gradient", "activations", "--quick", "--json", "--out", folder["two"]);
        JsonElement[] experiments = [.. json.Json.GetProperty("experiments").EnumerateArray()];
        Assert.Equal(["vanishing-gradient", "activations"], experiments.Select(experiment => experiment.GetProperty("id").GetString()));
        JsonElement row = experiments[0].GetProperty("rows")[1];
        Assert.Equal(0.188143725087062, row.GetProperty("published").GetDouble());
        Assert.Equal(0.188143725087062, row.GetProperty("ours").GetDouble(), 1e-14);
        Assert.StartsWith("0.188143725087062 ±", row.GetProperty("bound").GetString());
        Assert.True(row.GetProperty("pass").GetBoolean());
        foreach (string file in (string[])["table/results.json", "table/table.md", "two/activations/results.json"])
            Assert.True(File.Exists(folder[file]), file);
    }

    [Theory]
    [InlineData("perhaps you meant activations", "activation")]
    [InlineData("expected experiments, or --all")]
    [InlineData("--threads: found '0'", "activations", "--threads", "0")]
    public void What_is_wrong_is_said_in_a_sentence(string expected, params string[] arguments)
    {
        Outcome outcome = Run(["reproduce", .. arguments]);
        Assert.Equal((2, ""), (outcome.Code, outcome.Output));
        Assert.Contains(expected, outcome.Error);
    }

    [Fact]
    public void Results_are_not_written_over()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(0, Run("reproduce", "vanishing-gradient", "--out", folder["a"]).Code);
        Outcome again = Run("reproduce", "vanishing-gradient", "--out", folder["a"]);
        Assert.Equal(2, again.Code);
        Assert.Contains("found results in", again.Error);
    }

    [Fact]
    public void A_miss_counts_more_than_data_that_are_not_there()
    {
        Ending pass = Finished(1),
            miss = Finished(3),
            missing = Ending.NewFailed(Measuring(0), new FileNotFoundException("mnist: found none"));
        Assert.Equal(ExitCode.Done, ReproduceCommand.CodeOf([pass, pass]));
        Assert.Equal(ExitCode.Failed, ReproduceCommand.CodeOf([pass, missing, miss]));
        Assert.Equal(ExitCode.Data, ReproduceCommand.CodeOf([missing, pass]));
        Assert.Equal(ExitCode.Failed, ReproduceCommand.CodeOf([missing, Ending.NewFailed(Measuring(0), new IOException("disk full"))]));
    }

    private static Ending Finished(double value)
    {
        using TemporaryFolder folder = new();
        return Ending.NewFinished(Harness.run(Harness.defaults, folder["it"], Measuring(value)));
    }

    /// <summary>An experiment that finds a number, which must be at most 2.</summary>
    private static Experiment Measuring(double value) =>
        new(
            "test",
            "a test",
            "nobody",
            FSharpList<string>.Empty,
            1,
            FSharpFunc<Context, FSharpList<Row>>.FromConverter(_ =>
                ListModule.OfSeq([RowModule.atMost(2, RowModule.measured("value", value))])
            )
        );
}
