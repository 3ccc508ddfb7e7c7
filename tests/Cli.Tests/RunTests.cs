using System.Buffers.Binary;
using System.Text.Json;
using Xunit;
using static Functional.Tests.CommandLine;

namespace Functional.Tests;

public class RunTests(SmallRun run) : IClassFixture<SmallRun>
{
    [Fact]
    public void Train_prints_the_run_folder_and_the_last_line_of_its_metrics()
    {
        Outcome trained = run.Trained;
        Assert.Equal(0, trained.Code);
        Assert.Equal(run.Folder, trained.Json.GetProperty("run").GetString());
        using JsonDocument last = JsonDocument.Parse(File.ReadLines(Path.Combine(run.Folder, "metrics.jsonl")).Last());
        foreach (string name in (string[])["epoch", "step", "loss", "reconstruction", "kl", "active_units", "val_loss", "val_kl"])
            Assert.Equal(last.RootElement.GetProperty(name).GetDouble(), trained.Json.GetProperty("metrics").GetProperty(name).GetDouble());
        Assert.Contains("epoch 2/2", trained.Error);
        Assert.DoesNotContain("\u001b", trained.Error);
    }

    [Fact]
    public void Evaluate_gives_the_numbers_of_the_split()
    {
        JsonElement test = Run("evaluate", run.Folder, "--json").Json;
        Assert.Equal(
            ("vae", "letters", "test"),
            (test.GetProperty("model").GetString(), test.GetProperty("data").GetString(), test.GetProperty("split").GetString())
        );
        JsonElement validation = Run("evaluate", run.Folder, "--split", "validation", "--json").Json;
        double expected = run.Trained.Json.GetProperty("metrics").GetProperty("val_loss").GetDouble();
        Assert.Equal(expected, validation.GetProperty("metrics").GetProperty("loss").GetDouble());
        Assert.NotEqual(expected, test.GetProperty("metrics").GetProperty("loss").GetDouble());
        string best = Path.Combine(run.Folder, "checkpoints", "best.safetensors");
        Assert.Equal(0, Run("evaluate", best, "--data", "letters").Code);
    }

    [Fact]
    public void Sample_and_reconstruct_write_pictures()
    {
        Assert.Equal(0, Run("sample", run.Folder, "-n", "6", "-o", run["a.png"], "--seed", "4").Code);
        Outcome again = Run("sample", run.Folder, "-n", "6", "-o", run["b.png"], "--seed", "4", "--json");
        Assert.Equal(6, again.Json.GetProperty("count").GetInt32());
        Assert.Equal(File.ReadAllBytes(run["a.png"]), File.ReadAllBytes(run["b.png"]));
        Assert.Equal(0, Run("reconstruct", run.Folder, "-n", "5", "-o", run["c.png"]).Code);
        Assert.Equal("PNG", System.Text.Encoding.ASCII.GetString(File.ReadAllBytes(run["c.png"]), 1, 3));
    }

    [Fact]
    public void Evaluate_estimates_the_likelihood_when_asked()
    {
        JsonElement few = Run("evaluate", run.Folder, "--samples", "5", "--json").Json.GetProperty("metrics");
        JsonElement many = Run("evaluate", run.Folder, "--samples", "50", "--json").Json.GetProperty("metrics");
        double bound = -few.GetProperty("loss").GetDouble();
        double five = few.GetProperty("log_likelihood").GetDouble();
        double fifty = many.GetProperty("log_likelihood").GetDouble();
        Assert.True(bound < five && five < fifty, $"{bound}, {five}, {fifty}");
    }

    [Fact]
    public void Sample_shows_the_codes_as_a_square_and_as_ways()
    {
        Outcome square = Run("sample", run.Folder, "--manifold", "3", "-o", run["square.png"], "--json");
        Assert.Equal(3, square.Json.GetProperty("side").GetInt32());
        Assert.Equal(Size(run["square.png"]).Width, Size(run["square.png"]).Height);
        Outcome ways = Run("sample", run.Folder, "--interpolate", "6", "-n", "3", "--spherical", "-o", run["ways.png"], "--json");
        Assert.Equal((3, 6), (ways.Json.GetProperty("lines").GetInt32(), ways.Json.GetProperty("steps").GetInt32()));
        Assert.True(Size(run["ways.png"]).Width > Size(run["ways.png"]).Height);
    }

    /// <summary>Width and height of a PNG file, from its header.</summary>
    private static (int Width, int Height) Size(string path)
    {
        ReadOnlySpan<byte> header = File.ReadAllBytes(path).AsSpan(16, 8);
        return (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header[4..]));
    }

    [Fact]
    public void Encode_writes_a_code_for_every_row()
    {
        Outcome coded = Run("encode", run.Folder, "--split", "test", "-o", run["codes.csv"], "--json");
        Assert.Equal((312, 2), (coded.Json.GetProperty("rows").GetInt32(), coded.Json.GetProperty("columns").GetInt32()));
        string[] lines = File.ReadAllLines(run["codes.csv"]);
        Assert.Equal(("code0,code1,label", 313), (lines[0], lines.Length));
        Assert.Equal(0, Run("encode", run.Folder, "-o", run["codes.npz"]).Code);
        Assert.Contains("train 3120", Run("data", "show", $"npz:{run["codes.npz"]}").Output);
    }

    [Fact]
    public void Report_writes_the_page_of_the_run_anew()
    {
        string page = Path.Combine(run.Folder, "report.html");
        string trained = File.ReadAllText(page);
        File.Delete(page);
        Outcome written = Run("report", run.Folder);
        Assert.Equal((0, page + "\n"), (written.Code, written.Output));
        Assert.Equal(trained, File.ReadAllText(page));
        Assert.Equal(run["page.html"], Run("report", run.Folder, "-o", run["page.html"], "--json").Json.GetProperty("file").GetString());
        Assert.Equal(trained, File.ReadAllText(run["page.html"]));
    }

    [Fact]
    public void Inspect_lists_parameters_and_where_they_came_from()
    {
        JsonElement json = Run("inspect", run.Folder, "--json").Json;
        Assert.Equal(841 * 16 + 16 + 2 * (16 * 2 + 2) + 2 * 16 + 16 + 16 * 841 + 841, json.GetProperty("count").GetInt32());
        Assert.Contains(json.GetProperty("parameters").EnumerateArray(), entry => entry.GetProperty("name").GetString() == "Mean.Weight");
        Assert.Equal(3, json.GetProperty("run").GetProperty("seed").GetInt32());
        // Parameters and two moments of each at least, but no more than the activations of a batch add.
        Assert.InRange(json.GetProperty("peak_bytes").GetInt64(), 3 * 4 * json.GetProperty("count").GetInt64(), 20_000_000);
        string model = Path.Combine(run.Folder, "model.safetensors");
        Assert.Contains("training", Run("inspect", model).Output);
        Assert.Contains("Optimizer.Step", Run("inspect", Path.Combine(run.Folder, "checkpoints", "last.safetensors")).Output);
    }

    [Fact]
    public void A_run_is_not_written_over()
    {
        Outcome again = Run(["train", "vae", .. SmallRun.Options, "--out", run.Folder]);
        Assert.Equal(2, again.Code);
        Assert.Contains("found a run in", again.Error);
    }

    [Fact]
    public void Resume_goes_on_to_more_epochs_and_takes_nothing_else()
    {
        Assert.Equal(2, Run("train", "--resume", run.Folder, "--seed", "4").Code);
        Assert.Equal(2, Run("train", "vae", "--resume", run.Folder).Code);
        Assert.Equal(2, Run("train", "--resume", run.Folder, "--epochs", "1").Code);
        Assert.Equal(3, Run("train", "--resume", run["nothing"]).Code);
        Outcome finished = Run("train", "--resume", run.Folder, "--json");
        Assert.Equal(run.Trained.Json.GetProperty("metrics").GetRawText(), finished.Json.GetProperty("metrics").GetRawText());
    }

    [Fact]
    public void Callbacks_are_named_on_the_command_line_and_kept_by_the_run()
    {
        using TemporaryFolder folder = new();
        string[] callbacks =
        [
            "--callback",
            "early-stopping,monitor=loss,patience=1,mode=max,restore-best=true",
            "--callback",
            $"csv-log,path={folder["log.csv"]}",
        ];
        // The loss falls, which is the wrong way here: the first epoch stays the best.
        Outcome trained = Run(["train", "vae", "--set", "hidden=16", .. callbacks, "--epochs", "9", "--out", folder["run"]]);
        Assert.Equal(0, trained.Code);
        Assert.Contains("early-stopping: loss was best in epoch 1, so training stops after epoch 2", trained.Error);
        Assert.Contains("the model is that of epoch 1", trained.Error);
        string[] lines = File.ReadAllLines(folder["log.csv"]);
        Assert.Equal(3, lines.Length);
        Outcome resumed = Run("train", "--resume", folder["run"]);
        Assert.Equal(0, resumed.Code);
        Assert.Equal(lines, File.ReadAllLines(folder["log.csv"]));
        Assert.Equal(2, Run("train", "--resume", folder["run"], "--callback", "csv-log").Code);
    }
}
