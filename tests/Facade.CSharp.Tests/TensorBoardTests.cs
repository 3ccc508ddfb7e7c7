using System.Text;
using Xunit;

namespace Functional.Tests;

public class TensorBoardTests
{
    [Fact]
    public void The_check_of_the_reader_gives_the_published_words()
    {
        // RFC 3720, appendix B.4, and the check word that catalogues of such codes give.
        Assert.Equal(0x8A9136AAu, EventFile.Check(new byte[32]));
        Assert.Equal(0x62A8AB43u, EventFile.Check(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0x46DD794Eu, EventFile.Check([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(0xE3069283u, EventFile.Check(Encoding.ASCII.GetBytes("123456789")));
    }

    [Fact]
    public void A_run_folder_shows_the_numbers_and_pictures_of_each_epoch()
    {
        using TemporaryFolder folder = new();
        VaeModel model = Train(Callbacks.Checkpoint(folder["run"]));
        (string version, IReadOnlyList<EventFile.Shown> values) = EventFile.Read(File(folder["run"]));
        Assert.Equal("brain.Event:2", version);
        Assert.Equal([6L, 12L, 18L], values.Select(value => value.Step).Distinct());
        foreach (EpochMetrics epoch in model.History)
        {
            foreach ((string name, double number) in epoch.Values)
                Assert.Equal((float)number, Assert.Single(values, value => value.Step == epoch.Step && value.Tag == name).Number);
            Fields image = Assert.Single(values, value => value.Step == epoch.Step && value.Tag == "samples").Image!;
            Assert.Equal(System.IO.File.ReadAllBytes(folder[$"run/samples/epoch-{epoch.Epoch:0000}.png"]), image.Bytes(4));
            // 8 lines of 8 pictures of 3 by 4, two dots apart.
            Assert.Equal((2 + 8 * 5, 2 + 8 * 6, 1L), (image.Whole(1), image.Whole(2), image.Whole(3)));
        }

        Assert.All(values.Where(value => value.Tag == "rate"), value => Assert.Equal(0.001f, value.Number));
    }

    [Fact]
    public void Histograms_count_the_parameters()
    {
        using TemporaryFolder folder = new();
        VaeModel model = Train(Callbacks.TensorBoard(folder["logs"], histograms: true, images: false));
        IReadOnlyList<EventFile.Shown> values = EventFile.Read(File(folder["logs"])).Values;
        Assert.DoesNotContain(values, value => value.Image is not null);
        model.Save(folder["model.safetensors"]);
        foreach (Core.NamedArray parameter in Core.Safetensors.read(folder["model.safetensors"]).Arrays)
        {
            float[] numbers = Core.NamedArrayModule.toFloat32(parameter);
            Fields histogram = Assert.Single(values, value => value.Step == 18 && value.Tag == parameter.Name).Histogram!;
            Assert.Equal(numbers.Length, histogram.Double(3));
            Assert.Equal(numbers.Min(), histogram.Double(1));
            Assert.Equal(numbers.Max(), histogram.Double(2));
            Assert.Equal(numbers.Sum(number => (double)number), histogram.Double(4), 1e-9);
            Assert.Equal(numbers.Sum(number => (double)number * number), histogram.Double(5), 1e-9);
            double[] limits = histogram.Doubles(6);
            double[] counts = histogram.Doubles(7);
            Assert.Equal(numbers.Length, counts.Sum());
            double before = double.NegativeInfinity;
            foreach ((double limit, double count) in limits.Zip(counts))
            {
                // A number on a border may be rounded to either side of it.
                int sure = numbers.Count(number => number > before + 1e-7 && number < limit - 1e-7);
                int possible = numbers.Count(number => number >= before - 1e-7 && number <= limit + 1e-7);
                Assert.InRange(count, sure, possible);
                before = limit;
            }
        }
    }

    [Fact]
    public void What_a_killed_process_wrote_after_its_checkpoint_is_cut()
    {
        using TemporaryFolder folder = new();
        Train(Callbacks.Checkpoint(folder["run"]));
        string file = File(folder["run"]);
        byte[] whole = System.IO.File.ReadAllBytes(file);
        Train(Callbacks.Checkpoint(folder["longer"]), epochs: 5);
        // The longer run's records after this run's last step, and half of one more.
        byte[] longer = System.IO.File.ReadAllBytes(File(folder["longer"]));
        System.IO.File.WriteAllBytes(file, [.. longer, .. whole[^40..]]);
        Models.Vae.Resume(folder["run"], epochs: 4, data: Tiny.Images(), validation: Tiny.Images(20, seed: 2));
        IReadOnlyList<EventFile.Shown> values = EventFile.Read(file).Values;
        Assert.Equal([6L, 12L, 18L, 24L], values.Where(value => value.Tag == "val_loss").Select(value => value.Step));
        Assert.Equal(file, File(folder["run"]));
    }

    private static VaeModel Train(Callback callback, int epochs = 3) =>
        Models.Vae.Train(
            Tiny.Images(),
            Tiny.Options with
            {
                Epochs = epochs,
                Validation = Tiny.Images(20, seed: 2),
                Callbacks = [callback],
            }
        );

    private static string File(string folder) => Assert.Single(Directory.GetFiles(folder, "events.out.tfevents.*"));
}
