using System.Globalization;
using System.Text.Json;
using Functional.Core.Engines;
using Functional.Workloads;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Xunit;
using static Functional.Tests.CommandLine;

namespace Functional.Tests;

public class BenchTests
{
    private const string Times = """echo "{\"workload\":\"$1\",\"median_ms\":2.5}" """;

    /// <summary>The workload mlp for PyTorch, with a place for the units of its first layer and one for the rows of its batch.</summary>
    private const string Steps = """
        import json, sys
        import torch, torch.nn as nn, torch.nn.functional as F

        def mlp():
            net = nn.Sequential(nn.Linear(784, UNITS), nn.ReLU(), nn.Linear(UNITS, 128), nn.ReLU(), nn.Linear(128, 10))
            optimizer = torch.optim.Adam(net.parameters(), 1e-3)
            x, y = torch.rand(ROWS, 784), torch.randint(0, 10, (ROWS,))

            def step():
                optimizer.zero_grad()
                F.cross_entropy(net(x), y).backward()
                optimizer.step()
            return step

        WORKLOADS = {"mlp": (mlp, 1, 1)}

        if __name__ == "__main__":
            print(json.dumps(dict(workload="mlp", median_ms=1e-6)))
        """;

    private static readonly string[] Mlp = ["bench", "--workload", "mlp", "--rounds", "1", "--json"];

    [Fact]
    public void Without_a_peer_its_numbers_are_null()
    {
        Outcome outcome = Run([.. Mlp, "--threads", "1"]);
        Assert.Equal(0, outcome.Code);
        JsonElement row = outcome.Json.GetProperty("rows").EnumerateArray().Single();
        Assert.Equal(
            ["workload", "ours_ms", "peer_ms", "ratio", "least_ms", "times_least"],
            row.EnumerateObject().Select(field => field.Name)
        );
        Assert.Equal("mlp", row.GetProperty("workload").GetString());
        Assert.Equal(JsonValueKind.Null, row.GetProperty("peer_ms").ValueKind);
        Assert.Equal(JsonValueKind.Null, row.GetProperty("ratio").ValueKind);
        double ours = row.GetProperty("ours_ms").GetDouble();
        Assert.True(ours > 0);
        Assert.Equal(ours / row.GetProperty("least_ms").GetDouble(), row.GetProperty("times_least").GetDouble(), 1e-12);
    }

    [Fact]
    public void A_peer_is_timed_in_turn_with_ours()
    {
        using FakePeer peer = new(Times);
        string[] line = ["bench", "--workload", "mlp", "autoencoder-stacked", "--rounds", "2", "--peer", peer.Command, "--no-check"];
        Outcome outcome = Run([.. line, "--json"]);
        Assert.Equal(0, outcome.Code);
        JsonElement[] rows = [.. outcome.Json.GetProperty("rows").EnumerateArray()];
        Assert.Equal(["mlp", "autoencoder-stacked"], rows.Select(row => row.GetProperty("workload").GetString()));
        foreach (JsonElement row in rows)
            Assert.Equal(row.GetProperty("ours_ms").GetDouble() / 2.5, row.GetProperty("ratio").GetDouble(), 1e-12);
        Assert.Equal(4, outcome.Error.Split('\n').Count(text => text.Contains("of 2: ours") && text.EndsWith("peer 2.500 ms")));
    }

    [Fact]
    public void Numbers_come_as_a_table_too()
    {
        using FakePeer peer = new("""echo '{"workload":"mlp","median_ms":2500}'""");
        Outcome outcome = Run("bench", "--workload", "mlp", "--rounds", "1", "--peer", peer.Command, "--no-check");
        Assert.Contains("times least", outcome.Output);
        Assert.Contains("2500", outcome.Output.Split('\n').Single(text => text.Contains("mlp")));
    }

    [Theory]
    [InlineData("exit code 3: out of paper", "echo out of paper >&2; exit 3")]
    [InlineData("the line 'hello'", "echo hello")]
    [InlineData("no line for mlp", "exit 0")]
    [InlineData("no line for mlp", """echo '{"workload":"cnn","median_ms":2}'""")]
    [InlineData("""the line '{"workload":"mlp"}'""", """echo '{"workload":"mlp"}'""")]
    [InlineData("""the line '{"workload":"mlp","median_ms":"2"}'""", """echo '{"workload":"mlp","median_ms":"2"}'""")]
    [InlineData("a median_ms of 0", """echo '{"workload":"mlp","median_ms":0}'""")]
    public void A_peer_that_fails_or_says_something_else_is_refused(string expected, string script)
    {
        using FakePeer peer = new(script);
        Refused(expected, peer, "--no-check");
    }

    [Fact]
    public void A_peer_that_can_not_show_its_work_is_refused()
    {
        using FakePeer peer = new(Times);
        Refused("the work can not be compared", peer);
    }

    [Fact]
    public void A_peer_that_does_the_same_work_is_timed()
    {
        using FakePeer peer = Claiming(Ours());
        Assert.Equal(0, Run([.. Mlp, "--peer", peer.Command]).Code);
    }

    [Theory]
    [InlineData("235145 parameters in the peer, expected 235146", 1, 1, 1)]
    [InlineData("a loss of", 0, 1.001, 1)]
    [InlineData("parameters that moved by", 0, 1, 1.01)]
    public void A_peer_that_does_other_work_is_refused(string expected, int fewer, double loss, double movement)
    {
        Trial ours = Ours();
        double[] losses = [ours.Losses[0], ours.Losses[1] * loss, ours.Losses[2]];
        using FakePeer peer = Claiming(new Trial(ours.Parameters - fewer, ListModule.OfSeq(losses), ours.Movement * movement));
        Refused($"mlp: found {expected}", peer);
    }

    [Fact]
    public void A_peer_that_an_interrupt_ends_is_no_failure()
    {
        using CancellationTokenSource source = new();
        using FakePeer peer = new("exit 143", steps: "");
        ComparisonOptions options = new(
            threads: 1,
            rounds: 1,
            peer: FSharpOption<Peer>.Some(new Peer(peer.Command, 1)),
            check: true,
            report: FSharpFunc<string, Unit>.FromConverter(_ =>
            {
                source.Cancel();
                return null!;
            }),
            cancellation: source.Token
        );
        Assert.Throws<OperationCanceledException>(() => Comparison.run(options, ListModule.OfSeq([Catalog.find("mlp")])));
    }

    [TorchFact]
    public void Steps_in_PyTorch_are_taken_from_the_same_numbers()
    {
        using FakePeer same = Torch(units: 256, rows: 64);
        Assert.Equal(0, Run([.. Mlp, "--peer", same.Command]).Code);
        using FakePeer narrower = Torch(units: 255, rows: 64);
        Refused("mlp: found 234233 parameters in the peer, expected 235146", narrower);
        using FakePeer shorter = Torch(units: 256, rows: 32);
        Refused("mlp: found a loss of", shorter);
    }

    private static Trial Ours() => Catalog.find("mlp").Try.Invoke(Core.Engines.Cpu.create(Core.Engines.Cpu.defaults));

    /// <summary>A peer that says its steps come to this.</summary>
    private static FakePeer Claiming(Trial trial)
    {
        string losses = string.Join(',', trial.Losses.Select(loss => loss.ToString("R", CultureInfo.InvariantCulture)));
        string movement = trial.Movement.ToString("R", CultureInfo.InvariantCulture);
        string answer = $$"""{"workload":"mlp","parameters":{{trial.Parameters}},"losses":[{{losses}}],"movement":{{movement}}}""";
        return new FakePeer($"""if [ -n "$FUNCTIONAL_PEER" ]; then echo '{answer}'; else {Times}; fi""", steps: "");
    }

    private static FakePeer Torch(int units, int rows) =>
        new(
            $"""exec {TorchFactAttribute.Python} "$(dirname "$0")/pytorch_steps.py" "$@" """,
            Steps.Replace("UNITS", $"{units}").Replace("ROWS", $"{rows}")
        );

    private static void Refused(string expected, FakePeer peer, params string[] arguments)
    {
        Outcome outcome = Run([.. Mlp, "--peer", peer.Command, .. arguments]);
        Assert.Equal((1, ""), (outcome.Code, outcome.Output));
        Assert.Contains(expected, outcome.Error);
        Assert.DoesNotContain("   at ", outcome.Error);
    }
}
