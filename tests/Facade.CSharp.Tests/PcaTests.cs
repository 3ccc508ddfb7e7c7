using System.Text.Json;
using Xunit;

namespace Functional.Tests;

public class PcaTests
{
    private static readonly PcaOptions Options = new() { Components = 3, Threads = 2 };
    private static readonly Lazy<PcaModel> Trained = new(() => Models.Pca.Train(Tiny.Images(), Options));

    private static PcaModel Model => Trained.Value;

    [Fact]
    public void Components_are_orthonormal_and_their_variances_fall()
    {
        float[,] components = Model.Components();
        Assert.Equal((3, 12), (components.GetLength(0), components.GetLength(1)));
        for (int a = 0; a < 3; a++)
        {
            for (int b = 0; b <= a; b++)
                Assert.Equal(a == b ? 1 : 0, Enumerable.Range(0, 12).Sum(i => (double)components[a, i] * components[b, i]), 1e-6);
        }

        float[] variance = Model.ExplainedVariance();
        Assert.True(variance[0] > variance[1] && variance[1] > variance[2] && variance[2] > 0);
        Assert.Equal(variance[1] / variance[0], Model.ExplainedVarianceRatio()[1] / Model.ExplainedVarianceRatio()[0], 1e-5f);
    }

    [Fact]
    public void The_mean_is_that_of_the_rows()
    {
        float[,] rows = Tiny.Matrix();
        float[] mean = Model.Mean();
        for (int column = 0; column < 12; column++)
            Assert.Equal(Enumerable.Range(0, 40).Average(row => rows[row, column]), mean[column], 1e-6f);
    }

    [Fact]
    public void Codes_are_projections_and_reconstructions_their_sums()
    {
        DataRows rows = Tiny.Images(300, seed: 2);
        float[,] components = Model.Components();
        float[] mean = Model.Mean();
        float[,] codes = Model.Encode(rows);
        float[] code = Model.Encode(rows[7]);
        float[] row = Model.Reconstruct(rows[7]);
        for (int a = 0; a < 3; a++)
        {
            double projection = Enumerable.Range(0, 12).Sum(i => (double)components[a, i] * (rows[7][i] - mean[i]));
            Assert.Equal(projection, code[a], 1e-5);
            Assert.Equal(code[a], codes[7, a]);
        }

        for (int i = 0; i < 12; i++)
            Assert.Equal(mean[i] + Enumerable.Range(0, 3).Sum(a => (double)code[a] * components[a, i]), row[i], 1e-5);
        Assert.Equal(row, Model.Decode(code));
        Assert.Equal(Model.Reconstruct(rows).ToMatrix(), Model.Decode(codes).ToMatrix());
    }

    [Fact]
    public void Evaluation_measures_what_reconstructions_lack()
    {
        DataRows rows = Tiny.Images(100, seed: 3);
        float[] back = Model.Reconstruct(rows).Values.ToArray();
        double mse = rows.Values.ToArray().Zip(back, (x, y) => Math.Pow(x - y, 2)).Average();
        IReadOnlyDictionary<string, double> metrics = Model.Evaluate(rows);
        Assert.Equal(mse, metrics["mse"], 1e-6);
        Assert.Equal(12 * mse / 2, metrics["loss"], 1e-5);
        Assert.InRange(metrics["subspace_angle"], 0, 1e-6);
        // On the rows that it was fitted to, the share is that of the components.
        Assert.Equal(Model.ExplainedVarianceRatio().Sum(), Model.Evaluate(Tiny.Images())["explained_variance"], 1e-5);
        Assert.Equal(Model.History[0].Values["explained_variance"], Model.Evaluate(Tiny.Images())["explained_variance"], 1e-6);
    }

    [Fact]
    public void Whitened_codes_have_variance_one()
    {
        PcaModel model = Models.Pca.Train(Tiny.Images(), Options with { Whiten = true });
        float[,] codes = model.Encode(Tiny.Images());
        for (int a = 0; a < 3; a++)
        {
            double[] column = [.. Enumerable.Range(0, 40).Select(row => (double)codes[row, a])];
            Assert.Equal(1, column.Average(code => code * code) - Math.Pow(column.Average(), 2), 1e-5);
        }

        Assert.Equal(Model.Reconstruct(Tiny.Images())[5].ToArray(), model.Reconstruct(Tiny.Images())[5].ToArray(), new Near(1e-5f));
    }

    [Fact]
    public void Every_method_finds_the_space_and_says_how_near_it_came()
    {
        foreach (PcaMethod method in Enum.GetValues<PcaMethod>())
        {
            PcaModel model = Models.Pca.Train(Tiny.Images(), Options with { Method = method, Components = 1, Iterations = 3 });
            Assert.InRange(model.SubspaceAngle, 0, 1);
            Assert.Equal(model.SubspaceAngle, model.History[^1]["subspace_angle"]);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_at_any_number_of_threads()
    {
        Assert.Equal(Model.Bytes(), Models.Pca.Train(Tiny.Images(), Options with { Threads = 1 }).Bytes());
        PcaOptions random = Options with { Method = PcaMethod.Randomized };
        Assert.Equal(Models.Pca.Train(Tiny.Images(), random).Bytes(), Models.Pca.Train(Tiny.Images(), random with { Threads = 3 }).Bytes());
    }

    [Fact]
    public void A_saved_model_is_the_same_when_loaded()
    {
        using TemporaryFolder folder = new();
        Model.Save(folder["pca.safetensors"]);
        PcaModel again = Models.Pca.Load(folder["pca.safetensors"]);
        Assert.Equal(Model.Bytes(), again.Bytes());
        Assert.Equal(Model.Encode(Tiny.Images()), again.Encode(Tiny.Images()));
        Assert.Equal(Model.Evaluate(Tiny.Images()), again.Evaluate(Tiny.Images()));
        Assert.Equal(Model.Options.List(), again.Options.List());
        Assert.IsType<PcaModel>(Models.Load(folder["pca.safetensors"]));
        Assert.Throws<InvalidDataException>(() => Models.Oja.Load(folder["pca.safetensors"]));
    }

    [Fact]
    public void A_run_leaves_everything_behind_and_resumes_to_the_same_bits()
    {
        using TemporaryFolder folder = new();
        PcaOptions options = Options with { Validation = Tiny.Images(20, seed: 2), Callbacks = [Callbacks.Checkpoint(folder["run"])] };
        PcaModel model = Models.Pca.Train(Tiny.Images(), options);
        string line = Assert.Single(File.ReadAllLines(folder["run/metrics.jsonl"]));
        using JsonDocument metrics = JsonDocument.Parse(line);
        foreach (string name in (string[])["mse", "explained_variance", "subspace_angle", "val_mse", "val_explained_variance"])
            Assert.Equal(model.History[0][name], metrics.RootElement.GetProperty(name).GetDouble());
        PcaModel again = Models.Pca.Resume(folder["run"], data: Tiny.Images(), validation: Tiny.Images(20, seed: 2));
        Assert.Equal(model.Bytes(), again.Bytes());
        Assert.Equal(model.Bytes(), File.ReadAllBytes(folder["run/model.safetensors"]));
        Assert.Equal(line, File.ReadAllText(folder["run/metrics.jsonl"]).TrimEnd());

        File.Delete(folder["run/checkpoints/last.safetensors"]);
        Assert.Equal(model.Bytes(), Models.Pca.Resume(folder["run"], data: Tiny.Images(), validation: Tiny.Images(20, seed: 2)).Bytes());
    }

    [Fact]
    public void Options_of_descent_are_not_offered_and_wrong_ones_refused()
    {
        Assert.DoesNotContain(new PcaOptions().List(), option => option.Key is "optimizer" or "schedule" or "regularizer");
        Assert.Contains(
            "epochs: found '2', expected a whole number, 1.",
            Assert.Throws<ArgumentException>(() => new PcaOptions().With(KeyValuePair.Create("epochs", "2"))).Message
        );
        Assert.Contains(
            "expected 1 to 12, as 40 rows of 12 numbers",
            Assert.Throws<ArgumentException>(() => Models.Pca.Train(Tiny.Images(), Options with { Components = 13 })).Message
        );
        Assert.Contains(
            "expected 1 to 4, as 5 rows",
            Assert.Throws<ArgumentException>(() => Models.Oja.Train(Tiny.Images(5), new OjaOptions { Components = 5 })).Message
        );
        Assert.Throws<ArgumentException>(() => Models.Pca.Train(Tiny.Images(), Options with { Iterations = 0 }));
        Assert.Throws<ArgumentException>(() => Model.Decode(new float[2]));
        Assert.Throws<ArgumentException>(() => Model.Encode(new float[5]));
    }

    [Fact]
    public void Components_are_pictures_around_grey()
    {
        DataRows pictures = Model.ComponentImages();
        Assert.Equal((3, "3,4"), (pictures.Count, string.Join(',', pictures.RowShape)));
        float[,] components = Model.Components();
        for (int a = 0; a < 3; a++)
        {
            float largest = Enumerable.Range(0, 12).Max(i => Math.Abs(components[a, i]));
            for (int i = 0; i < 12; i++)
                Assert.Equal(0.5f + 0.5f * components[a, i] / largest, pictures[a][i], 1e-6f);
        }
    }

    private sealed class Near(float tolerance) : IEqualityComparer<float>
    {
        public bool Equals(float x, float y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(float number) => 0;
    }
}
