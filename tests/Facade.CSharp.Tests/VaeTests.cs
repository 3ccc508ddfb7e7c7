using System.Numerics.Tensors;
using Xunit;

namespace Functional.Tests;

public class VaeTests
{
    private static readonly Lazy<VaeModel> Trained = new(() => Models.Vae.Train(Tiny.Images(), Tiny.Options));

    private static VaeModel Model => Trained.Value;

    [Fact]
    public void Training_makes_the_loss_less()
    {
        VaeModel model = Models.Vae.Train(
            Tiny.Images(200),
            Tiny.Options with
            {
                Epochs = 30,
                Optimizer = Optimizers.Adam(0.01),
                Validation = Tiny.Images(50, seed: 2),
            }
        );
        IReadOnlyList<double> loss = model.History["val_loss"];
        Assert.Equal(30, loss.Count);
        Assert.True(loss[^1] < loss[0] - 0.5, $"{loss[0]} to {loss[^1]}");
    }

    [Fact]
    public void All_forms_of_data_train_the_same_model()
    {
        float[,] matrix = Tiny.Matrix();
        float[] flat = [.. matrix.Cast<float>()];
        byte[] expected = Models.Vae.Train(matrix, Tiny.Options).Bytes();
        Assert.Equal(expected, Models.Vae.Train(flat, 12, Tiny.Options).Bytes());
        Assert.Equal(expected, Models.Vae.Train(Tensor.Create(flat, [40, 12]), Tiny.Options).Bytes());
        Assert.Equal(expected, Models.Vae.Train(DataRows.Of(flat, 12), Tiny.Options).Bytes());
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_at_any_number_of_threads()
    {
        byte[] expected = Model.Bytes();
        Assert.Equal(expected, Models.Vae.Train(Tiny.Images(), Tiny.Options with { Threads = 1 }).Bytes());
        Assert.Equal(expected, Models.Vae.Train(Tiny.Images(), Tiny.Options with { Threads = 3 }).Bytes());
        Assert.NotEqual(expected, Models.Vae.Train(Tiny.Images(), Tiny.Options with { Seed = 2 }).Bytes());
    }

    [Fact]
    public void A_saved_model_is_the_same_when_loaded()
    {
        using TemporaryFolder folder = new();
        Model.Save(folder["vae.safetensors"]);
        VaeModel again = Models.Vae.Load(folder["vae.safetensors"]);
        Assert.Equal(Model.Bytes(), again.Bytes());
        Assert.Equal(Model.Encode(Tiny.Images()), again.Encode(Tiny.Images()));
        Assert.Equal(Model.Sample(5, 3).ToMatrix(), again.Sample(5, 3).ToMatrix());
        Assert.Equal(Model.Evaluate(Tiny.Images()), again.Evaluate(Tiny.Images()));
        Assert.Equal(Model.History["loss"], again.History["loss"]);
        Assert.Equal([3, 4], again.RowShape);
        Assert.Equal(Model.Options.List(), again.Options.List());
        Assert.IsType<VaeModel>(Models.Load(folder["vae.safetensors"]));
    }

    [Fact]
    public void Damaged_and_foreign_files_are_refused()
    {
        using TemporaryFolder folder = new();
        string path = folder["vae.safetensors"];
        Model.Save(path);
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..^5]);
        Assert.Throws<InvalidDataException>(() => Models.Vae.Load(path));
        string text = System.Text.Encoding.Latin1.GetString(whole);
        foreach (
            (string old, string other) in (ReadOnlySpan<(string, string)>)
                [("\"vae\"", "\"rbm\""), ("[6]", "[7]"), ("latent-size", "latent-sise"), ("[3,4]", "[3,9]")]
        )
        {
            string changed = text.Replace(old, other);
            Assert.NotEqual(text, changed);
            File.WriteAllBytes(path, System.Text.Encoding.Latin1.GetBytes(changed));
            Assert.Throws<InvalidDataException>(() => Models.Vae.Load(path));
        }

        File.WriteAllText(path, "no such thing");
        Assert.Throws<InvalidDataException>(() => Models.Load(path));
        Assert.Throws<FileNotFoundException>(() => Models.Load(folder["nothing"]));
    }

    [Fact]
    public void A_row_has_the_same_code_alone_as_among_others()
    {
        DataRows rows = Tiny.Images(300);
        float[,] codes = Model.Encode(rows);
        float[,] back = Model.Reconstruct(rows).ToMatrix();
        for (int row = 0; row < rows.Count; row += 37)
        {
            float[] code = Model.Encode(rows[row]);
            Assert.Equal([codes[row, 0], codes[row, 1]], code);
            Assert.Equal(Model.Reconstruct(rows[row]), Model.Decode(code));
            Assert.Equal(back[row, 5], Model.Decode(codes)[row][5]);
        }
    }

    [Fact]
    public void Samples_depend_on_the_seed_alone()
    {
        DataRows many = Model.Sample(200, seed: 4);
        Assert.Equal(many.Take(3).ToMatrix(), Model.Sample(3, seed: 4).ToMatrix());
        Assert.NotEqual(many.ToMatrix(), Model.Sample(200, seed: 5).ToMatrix());
        Assert.All(many.Values.ToArray(), value => Assert.InRange(value, 0f, 1f));
    }

    [Fact]
    public void Many_threads_can_ask_one_model()
    {
        DataRows rows = Tiny.Images(150);
        float[,] samples = Model.Sample(150, seed: 9).ToMatrix();
        float[,] codes = Model.Encode(rows);
        Parallel.For(
            0,
            64,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            i =>
            {
                Assert.Equal(samples, Model.Sample(150, seed: 9).ToMatrix());
                Assert.Equal(codes, Model.Encode(rows));
            }
        );
    }

    [Fact]
    public void More_samples_tighten_the_bound_on_the_likelihood()
    {
        DataRows rows = Tiny.Images(130, seed: 3);
        double bound = -Model.Evaluate(rows)["loss"];
        double tighter = Model.LogLikelihood(rows, samples: 25);
        Assert.Equal(tighter, Model.LogLikelihood(rows, samples: 25));
        Assert.True(tighter > bound, $"{tighter} over {bound}");
        // One draw is the bound itself, up to the noise of the draw.
        Assert.InRange(Model.LogLikelihood(rows, samples: 1), bound - 0.5, bound + 0.5);
    }

    [Fact]
    public void Rows_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Model.Encode(new float[11]));
        Assert.Throws<ArgumentException>(() => Model.Decode(new float[3]));
        Assert.Throws<ArgumentException>(() => Model.Evaluate(new float[4, 11]));
        Assert.Throws<ArgumentException>(() => Model.Evaluate(new float[0, 12]));
        Assert.Throws<ArgumentException>(() => Model.Sample(0));
        Assert.Throws<ArgumentException>(() => Model.LogLikelihood(Tiny.Images(), samples: 0));
        Assert.Throws<ArgumentException>(() => Models.Vae.Train(new float[0, 12], Tiny.Options));
        Assert.Throws<ArgumentException>(() => Models.Vae.Train(Tiny.Images(), Tiny.Options with { Validation = new float[4, 11] }));
        float[,] outside = Tiny.Matrix();
        outside[3, 2] = 1.5f;
        Assert.Contains("row 3 holds 1.5", Assert.Throws<ArgumentException>(() => Models.Vae.Train(outside, Tiny.Options)).Message);
        Models.Vae.Train(outside, Tiny.Options with { Likelihood = Likelihood.Gaussian(0.1) });
        outside[3, 2] = float.NaN;
        Assert.Contains("row 3", Assert.Throws<ArgumentException>(() => Models.Vae.Train(outside, Tiny.Options)).Message);
    }

    [Fact]
    public async Task Training_on_another_thread_tells_how_it_goes()
    {
        Recorder recorder = new();
        VaeModel model = await Models.Vae.TrainAsync(Tiny.Images(), Tiny.Options, recorder, CancellationToken.None);
        Assert.Equal(Model.Bytes(), model.Bytes());
        Assert.Equal(3 * 6 + 3, recorder.Seen.Count);
        Assert.Equal([1, 2, 3, 4, 5, 6, 6], recorder.Seen.Take(7).Select(seen => seen.Batch));
        Assert.Equal([1, 2, 3], recorder.Seen.Where(seen => seen.Completed is not null).Select(seen => seen.Epoch));
        Assert.All(recorder.Seen, seen => Assert.Equal((3, 6), (seen.Epochs, seen.Batches)));
        Assert.Equal(model.History[^1].Values, recorder.Seen[^1].Metrics);
    }

    [Fact]
    public async Task Training_can_be_cancelled()
    {
        using CancellationTokenSource source = new();
        Recorder recorder = new(seen => source.Cancel());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Models.Vae.TrainAsync(Tiny.Images(), Tiny.Options, recorder, source.Token)
        );
        Assert.Single(recorder.Seen);
    }
}
