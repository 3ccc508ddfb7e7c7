using Xunit;
using static Functional.Tests.CommandLine;

namespace Functional.Tests;

public class UsageTests
{
    [Theory]
    [InlineData(2, "perhaps you meant train", "trian")]
    [InlineData(2, "perhaps you meant --epochs", "train", "vae", "--epoch", "3")]
    [InlineData(2, "perhaps you meant --epochs", "train", "--epoch", "3")]
    [InlineData(2, "perhaps you meant list", "data", "lst")]
    [InlineData(2, "perhaps you meant vae", "train", "vea")]
    [InlineData(2, "MODEL: found none", "train")]
    [InlineData(2, "perhaps you meant latent-size", "train", "vae", "--set", "latnt-size=3")]
    [InlineData(2, "expected a whole number, 1 or more", "train", "vae", "--set", "latent-size=0")]
    [InlineData(2, "expected KEY=VALUE", "train", "vae", "--set", "latent-size")]
    [InlineData(2, "epochs: found 'x'", "train", "vae", "--epochs", "x")]
    [InlineData(2, "one of cpu, reference", "train", "vae", "--engine", "tpu")]
    [InlineData(2, "perhaps you meant letters", "train", "vae", "--data", "leters")]
    [InlineData(2, "gaussian:DEVIATION", "train", "vae", "--data", "plane3d")]
    [InlineData(2, "perhaps you meant early-stopping", "train", "vae", "--callback", "early-stoping")]
    [InlineData(2, "NAME[,KEY=VALUE]", "train", "vae", "--callback", "early-stopping,5")]
    [InlineData(2, "perhaps you meant val_loss", "train", "vae", "--callback", "early-stopping,monitor=vall_loss")]
    [InlineData(2, "-n: found '0'", "sample", "nowhere", "-n", "0")]
    [InlineData(2, "--manifold: found '1'", "sample", "nowhere", "--manifold", "1")]
    [InlineData(2, "--samples: found 'x'", "evaluate", "nowhere", "--samples", "x")]
    [InlineData(2, "perhaps you meant mlp", "bench", "--workload", "mpl")]
    [InlineData(2, "--rounds: found '0'", "bench", "--rounds", "0")]
    [InlineData(2, "--scaling: found beside --workload", "bench", "--scaling", "--workload", "mlp")]
    [InlineData(2, "--output: found without --scaling", "bench", "-o", "charts")]
    [InlineData(2, "A command is missing")]
    [InlineData(2, "A command is missing", "data")]
    [InlineData(2, "Required argument missing", "sample")]
    [InlineData(3, "expected the folder of a run", "sample", "nowhere")]
    [InlineData(2, "Required argument missing", "report")]
    [InlineData(3, "expected the folder of a run", "report", "nowhere")]
    [InlineData(3, "found no folder mnist", "train", "vae", "--data", "mnist")]
    [InlineData(3, "nowhere.csv", "data", "show", "csv:nowhere.csv")]
    public void What_is_wrong_is_said_in_a_sentence(int code, string expected, params string[] arguments)
    {
        Outcome outcome = Run([.. arguments, .. arguments.Length > 0 ? (string[])["--json"] : []]);
        Assert.Equal(code, outcome.Code);
        Assert.Equal("", outcome.Output);
        Assert.Contains(expected, outcome.Error);
        Assert.DoesNotContain("   at ", outcome.Error);
    }

    [Fact]
    public void A_trace_is_shown_when_it_is_asked_for()
    {
        Assert.Contains("   at ", Run("sample", "nowhere", "--verbose").Error);
    }

    [Fact]
    public void A_folder_that_can_not_be_made_is_a_failure_while_running()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["file"], "");
        Outcome outcome = Run("train", "vae", "--out", folder["file/run"]);
        Assert.Equal(1, outcome.Code);
        Assert.Contains("can not be made", outcome.Error);
    }

    [Fact]
    public void A_training_that_diverges_is_a_failure_while_running()
    {
        using TemporaryFolder folder = new();
        Outcome outcome = Run("train", "vae", "--set", "hidden=8", "--set", "optimizer=sgd:1e30", "--out", folder["run"]);
        Assert.Equal(1, outcome.Code);
        Assert.Contains("not finite at step", outcome.Error);
        Assert.Contains("last.safetensors", outcome.Error);
    }

    [Fact]
    public void Damaged_files_are_placed()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a.csv"], "a,b\n1,2\n3,\n");
        Outcome outcome = Run("data", "show", $"csv:{folder["a.csv"]}");
        Assert.Equal(3, outcome.Code);
        Assert.Contains("line 3", outcome.Error);
        File.WriteAllText(folder["m.safetensors"], "nothing of the kind");
        Assert.Equal(3, Run("inspect", folder["m.safetensors"]).Code);
    }

    [Theory]
    [InlineData]
    [InlineData("train")]
    [InlineData("evaluate")]
    [InlineData("sample")]
    [InlineData("reconstruct")]
    [InlineData("encode")]
    [InlineData("report")]
    [InlineData("bench")]
    [InlineData("data")]
    [InlineData("data", "list")]
    [InlineData("data", "show")]
    [InlineData("inspect")]
    [InlineData("check")]
    public void Help_shows_an_example(params string[] command)
    {
        Outcome outcome = Run([.. command, "--help"]);
        Assert.Equal(0, outcome.Code);
        Assert.Contains($"Example:\n  functional {string.Join(' ', command)}", outcome.Output);
    }

    [Fact]
    public void Help_on_training_a_model_lists_its_options_and_no_others()
    {
        string help = Run("train", "mlp", "--help").Output;
        Assert.Contains("Options of mlp for --set", help);
        Assert.Contains("batch-norm=false", help);
        Assert.DoesNotContain("Options of vae", help);
        Assert.Contains("train vae --help", Run("train", "--help").Output);
    }

    [Fact]
    public void Check_and_data_list_answer_as_json()
    {
        Assert.Contains(Run("check", "--json").Json.GetProperty("vector_bits").GetInt32(), (int[])[128, 256, 512]);
        Assert.Contains(
            Run("data", "list", "--json").Json.GetProperty("sets").EnumerateArray(),
            set => set.GetProperty("name").GetString() == "letters" && set.GetProperty("place").GetString() == "embedded"
        );
    }

    [Fact]
    public void Data_show_draws_the_first_rows()
    {
        using TemporaryFolder folder = new();
        Outcome outcome = Run("data", "show", "letters", "-n", "4", "-o", folder["letters.png"], "--json");
        Assert.Equal(3120, outcome.Json.GetProperty("rows").GetInt32());
        Assert.True(File.Exists(folder["letters.png"]));
    }

    [Fact]
    public void A_reader_that_goes_away_is_no_error()
    {
        using System.Diagnostics.Process process = Start("train", "--help");
        process.StandardOutput.Close();
        Assert.Equal("", process.StandardError.ReadToEnd());
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
