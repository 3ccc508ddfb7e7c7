using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Xunit;
using static Functional.Tests.CommandLine;

namespace Functional.Tests;

public class InterruptTests
{
    private const int SigInt = 2;
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private static readonly string[] Options = ["--set", "hidden=24", "--set", "latent-size=3", "--seed", "5"];

    /// <summary>Models whose training goes on from different things, with options of a training that takes seconds.</summary>
    public static TheoryData<string, string[]> Killed =>
        new()
        {
            { "vae", Options },
            { "rbm", RbmTests.Options },
            { "dbn", ["--set", "hidden=12,8", "--set", "pretrain-epochs=8", "--seed", "5"] },
            { "ebm", EbmTests.Options },
        };

    [Theory]
    [MemberData(nameof(Killed))]
    public void A_run_that_was_killed_goes_on_to_the_same_bits(string model, string[] options)
    {
        using TemporaryFolder folder = new();
        Assert.Equal(0, Run(["train", model, .. options, "--epochs", "25", "--out", folder["whole"]]).Code);
        using Process process = Start(["train", model, .. options, "--epochs", "25", "--threads", "1", "--out", folder["cut"]]);
        Outcome killed = Stop(process, folder["cut"], SigKill);
        Assert.NotEqual(0, killed.Code);
        Assert.InRange(File.ReadAllLines(folder["cut/metrics.jsonl"]).Length, 1, 24);
        Outcome resumed = Run("train", "--resume", folder["cut"]);
        Assert.Equal((0, ""), (resumed.Code, resumed.Code == 0 ? "" : resumed.Error));
        foreach (
            string file in (string[])
                ["model.safetensors", "checkpoints/last.safetensors", "checkpoints/best.safetensors", "samples/epoch-0025.png"]
        )
            Assert.Equal(File.ReadAllBytes(folder[$"whole/{file}"]), File.ReadAllBytes(folder[$"cut/{file}"]));
        Assert.Equal(Metrics(folder["whole/metrics.jsonl"]), Metrics(folder["cut/metrics.jsonl"]));
    }

    [Theory]
    [InlineData(SigInt)]
    [InlineData(SigTerm)]
    public void An_interrupted_run_says_how_to_go_on(int signal)
    {
        using TemporaryFolder folder = new();
        using Process process = Start(["train", "vae", .. Options, "--epochs", "5000", "--out", folder["run"], "--json"]);
        Outcome stopped = Stop(process, folder["run"], signal);
        Assert.Equal(130, stopped.Code);
        Assert.Equal("", stopped.Output);
        Assert.EndsWith($"Go on with: functional train --resume {folder["run"]}\n", stopped.Error);
        int done = File.ReadAllLines(folder["run/metrics.jsonl"]).Length;
        Outcome resumed = Run("train", "--resume", folder["run"], "--epochs", $"{done + 1}", "--json");
        Assert.Equal(done + 1, resumed.Json.GetProperty("metrics").GetProperty("epoch").GetInt32());
    }

    [Fact]
    public void An_interrupted_reproduction_keeps_what_was_finished()
    {
        using TemporaryFolder folder = new();
        string[] ids = ["vanishing-gradient", "optimizers", "activations"];
        using Process process = Start(["reproduce", .. ids, "--quick", "--json", "--out", folder["out"]]);
        while (process.StandardError.ReadLine() is { } line && !line.StartsWith("vanishing-gradient: pass", StringComparison.Ordinal)) { }
        Assert.Equal(0, Kill(process.Id, SigInt));
        Outcome stopped = Finish(process);
        Assert.Equal((130, ""), (stopped.Code, stopped.Output));
        Assert.EndsWith("interrupted; what finished before it is in its folder.\n", stopped.Error);
        Assert.True(File.Exists(folder["out/vanishing-gradient/results.json"]));
        Assert.False(File.Exists(folder["out/activations/results.json"]));
    }

    /// <summary>Sends a signal once the first checkpoint is there.</summary>
    private static Outcome Stop(Process process, string run, int signal)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!File.Exists(Path.Combine(run, "checkpoints", "last.safetensors")) && watch.Elapsed < TimeSpan.FromSeconds(30))
            Thread.Sleep(5);
        Assert.Equal(0, Kill(process.Id, signal));
        return Finish(process);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    private static string Metrics(string path) => Regex.Replace(File.ReadAllText(path), "\"seconds\":[^,]*,", "");
}
