using System.Text.RegularExpressions;
using Xunit;

namespace Functional.Tests;

public class ReportTests
{
    [Fact]
    public void A_training_leaves_a_page_that_tells_everything()
    {
        using TemporaryFolder folder = new();
        VaeModel model = Train(folder["run"]);
        string page = File.ReadAllText(folder["run/report.html"]);
        Assert.Equal(Report.Html(folder["run"]), page);
        Assert.Contains("<h1>vae on rows</h1>", page);
        Assert.Contains("3 of 3 epochs, 18 steps", page);
        Assert.All(
            (string[])[Tiny.Images().Sha256, Tiny.Images(20, seed: 2).Sha256, "adam:0.001", "latent-size", Machine.Runtime],
            text => Assert.Contains(text, page)
        );
        Assert.All(
            (string[])["loss", "reconstruction", "kl", "active_units"],
            name =>
                Assert.Matches(
                    $"<title>{name}</title>[^§]*<th>{name}</th><td>{model.History[^1][name]:G6}</td><td>{model.History[^1][$"val_{name}"]:G6}</td>",
                    page
                )
        );
        Assert.Equal(["1", "2", "3"], Epochs(page));
        Assert.Contains($"base64,{Convert.ToBase64String(File.ReadAllBytes(folder["run/samples/epoch-0002.png"]))}\"", page);
    }

    [Fact]
    public void The_page_needs_no_network()
    {
        using TemporaryFolder folder = new();
        Train(folder["run"]);
        string page = File.ReadAllText(folder["run/report.html"]).Replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
        Assert.DoesNotContain("http:", page);
        Assert.DoesNotContain("https:", page);
        Assert.DoesNotContain("<link", page);
        Assert.DoesNotContain("@import", page);
        Assert.All(Regex.Matches(page, "src=\"(.{5})").Select(found => found.Groups[1].Value), start => Assert.Equal("data:", start));
    }

    [Fact]
    public void An_interrupted_run_has_its_page_too()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource source = new();
        Recorder recorder = new(progress =>
        {
            if (progress.Completed?.Epoch == 2)
                source.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Train(folder["run"], recorder, source.Token));
        Assert.Contains("2 of 3 epochs", File.ReadAllText(folder["run/report.html"]));
    }

    [Fact]
    public void A_run_without_pictures_has_no_slider()
    {
        using TemporaryFolder folder = new();
        Train(folder["run"]);
        Directory.Delete(folder["run/samples"], recursive: true);
        string page = Report.Html(folder["run"]);
        Assert.DoesNotContain("<script>", page);
        Assert.Contains("Learning curves", page);
    }

    [Fact]
    public void A_run_that_has_only_begun_is_shown()
    {
        using TemporaryFolder folder = new();
        Train(folder["run"]);
        Directory.Delete(folder["run/samples"], recursive: true);
        File.WriteAllText(folder["run/metrics.jsonl"], "{\"epoch\":1,\"st");
        Assert.Contains("No epoch is complete yet", Report.Html(folder["run"]));
    }

    [Fact]
    public void Of_many_pictures_some_are_shown_the_first_and_the_last_among_them()
    {
        using TemporaryFolder folder = new();
        Train(folder["run"]);
        for (int epoch = 4; epoch <= 200; epoch++)
            File.Copy(folder["run/samples/epoch-0003.png"], folder[$"run/samples/epoch-{epoch:0000}.png"]);
        string page = Report.Html(folder["run"]);
        int[] epochs = [.. Epochs(page).Select(int.Parse)];
        Assert.Equal((60, 1, 200), (epochs.Length, epochs[0], epochs[^1]));
        Assert.All(epochs.Zip(epochs.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 3, 4));
        Assert.Contains("60 of 200 pictures", page);
    }

    [Fact]
    public void Names_from_files_are_text_and_nothing_else()
    {
        using TemporaryFolder folder = new();
        Train(folder["run"]);
        string config = File.ReadAllText(folder["run/config.json"]);
        File.WriteAllText(folder["run/config.json"], config.Replace("\"name\": \"rows\"", "\"name\": \"<script>alert(1)</script>\""));
        string page = Report.Html(folder["run"]);
        Assert.DoesNotContain("<script>alert", page);
        Assert.Contains("&lt;script&gt;alert(1)", page);
    }

    [Fact]
    public void A_folder_without_a_run_is_refused()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("expected the folder of a run", Assert.Throws<FileNotFoundException>(() => Report.Html(folder["none"])).Message);
        File.WriteAllText(folder["config.json"], "{");
        Assert.Throws<InvalidDataException>(() => Report.Html(folder[""]));
    }

    [ChromiumFact]
    public void The_slider_changes_the_picture()
    {
        using TemporaryFolder folder = new();
        Train(folder["run"]);
        Assert.Equal(("3", "3"), Seen(Chromium.Load(folder["run/report.html"])));
        string moved = "<script>slider.value = 0; slider.dispatchEvent(new Event(\"input\"));</script></body>";
        File.WriteAllText(folder["moved.html"], File.ReadAllText(folder["run/report.html"]).Replace("</body>", moved));
        string page = Chromium.Load(folder["moved.html"]);
        Assert.Equal(("1", "1"), Seen(page));
        Assert.Contains("aria-valuetext=\"epoch 1\"", page);
    }

    /// <summary>The epoch whose picture is shown, alone, and the one that stands beside the slider.</summary>
    private static (string Picture, string Number) Seen(string page) =>
        (
            Assert.Single(Regex.Matches(page, "<figure data-epoch=\"(\\d+)\">")).Groups[1].Value,
            Regex.Match(page, "<output[^>]*>(\\d+)</output>").Groups[1].Value
        );

    private static IEnumerable<string> Epochs(string page) =>
        Regex.Matches(page, "<figure data-epoch=\"(\\d+)\"").Select(found => found.Groups[1].Value);

    private static VaeModel Train(string run, IProgress<TrainingProgress>? progress = null, CancellationToken token = default) =>
        Models.Vae.Train(
            Tiny.Images(),
            Tiny.Options with
            {
                Validation = Tiny.Images(20, seed: 2),
                Callbacks = [Callbacks.Checkpoint(run)],
            },
            progress,
            token
        );
}
