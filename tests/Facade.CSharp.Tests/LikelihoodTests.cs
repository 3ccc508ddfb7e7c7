using Xunit;

namespace Functional.Tests;

/// <summary>How likely rows are under Boltzmann machines, in training and after it.</summary>
public class LikelihoodTests
{
    private static readonly RbmOptions Small = new()
    {
        Hidden = 5,
        Epochs = 4,
        BatchSize = 10,
        Binarise = Binarisation.Threshold,
        WeightDeviation = 0.5,
        LikelihoodEvery = 2,
        Threads = 2,
    };

    /// <summary>Layers of 24 and 22 units, too many to go through.</summary>
    private static readonly RbmOptions Large = Small with { Hidden = 22, WeightDeviation = 0.1, AisChains = 30, AisTemperatures = 300 };

    private static readonly Lazy<RbmModel> Trained = new(() => Models.Rbm.Train(Tiny.Images(), Small with { Validation = Held }));
    private static readonly Lazy<RbmModel> Wide = new(() => Models.Rbm.Train(Rows(), Large with { Validation = Rows(20, 2) }));

    private static RbmModel Model => Trained.Value;

    private static DataRows Held => Tiny.Images(15, seed: 2);

    /// <summary>Rows of 24 numbers: two of <see cref="Tiny"/> side by side.</summary>
    private static DataRows Rows(int rows = 40, int seed = 1) => DataRows.Of(((DataRows)Tiny.Matrix(2 * rows, seed)).Values, 24);

    /// <summary>All rows of 12 numbers that are 0 or 1.</summary>
    private static DataRows States() =>
        DataRows.Of([.. Enumerable.Range(0, 4096 * 12).Select(i => (float)((i / 12 >> (i % 12)) & 1))], 3, 4);

    [Fact]
    public void Probabilities_of_all_rows_add_up_to_one()
    {
        RowLikelihood exact = Model.Likelihood(Held);
        Assert.True(exact.IsExact);
        Assert.Equal(1, Model.FreeEnergy(States()).Sum(energy => Math.Exp(-energy - exact.LogPartition)), 4);
        double mean = Held.ToMatrix().Cast<float>().Chunk(12).Average(row => LogProbability(row, exact.LogPartition));
        Assert.Equal(mean, exact.LogLikelihood, 4);
        Assert.Equal((exact.LogLikelihood, exact.LogLikelihood, 0.0), (exact.Least, exact.Most, exact.Gap));
        Assert.Equal(exact.LogPartition, exact.Forward.LogZ);
        Assert.Equal(0, exact.Reverse.StandardError);
    }

    /// <summary>log p of a row after the threshold.</summary>
    private static double LogProbability(float[] row, double logPartition) =>
        -Model.FreeEnergy(DataRows.Of([.. row.Select(level => level >= 0.5f ? 1f : 0f)], 3, 4))[0] - logPartition;

    [Fact]
    public void Training_tells_the_likelihood_every_so_many_epochs()
    {
        foreach (EpochMetrics epoch in Model.History)
            Assert.Equal(epoch.Epoch % 2 == 0, epoch.Values.ContainsKey("log_likelihood"));
        EpochMetrics last = Model.History[^1];
        Assert.Equal(Model.Likelihood(Tiny.Images()).LogLikelihood, last["log_likelihood"]);
        Assert.Equal(Model.Likelihood(Held).LogLikelihood, last["val_log_likelihood"]);
        Assert.Equal(Model.Likelihood(Held).LogPartition, last["log_partition"]);
        Assert.False(last.Values.ContainsKey("ais_gap"));
        RbmModel silent = Models.Rbm.Train(Tiny.Images(), Small with { LikelihoodEvery = 0 });
        Assert.All(silent.History, epoch => Assert.DoesNotContain("log_likelihood", epoch.Values.Keys));
        Assert.Equal(Model.Encode(Held), silent.Encode(Held));
    }

    [Fact]
    public void Annealing_agrees_with_what_is_exact()
    {
        double exact = Model.Likelihood(Held).LogPartition;
        RowLikelihood annealed = Model.AnnealedLikelihood(Held, chains: 200, temperatures: 500, seed: 3);
        Assert.False(annealed.IsExact);
        Assert.InRange(exact, annealed.Forward.Low, annealed.Forward.High);
        Assert.InRange(exact, annealed.Reverse.Low, annealed.Reverse.High);
        Assert.Equal(annealed.Gap, annealed.Reverse.LogZ - annealed.Forward.LogZ, 12);
        Assert.Equal(annealed.Gap, annealed.Most - annealed.Least, 10);
        Assert.Equal(Math.Min(annealed.Most, (annealed.Most + annealed.Least) / 2), annealed.LogLikelihood, 10);
        Assert.InRange(annealed.Forward.EffectiveSamples, 1, 200);
    }

    [Fact]
    public void Larger_machines_are_annealed()
    {
        EpochMetrics last = Wide.Value.History[^1];
        Assert.True(Math.Abs(last["ais_gap"]) < 1, $"{last["ais_gap"]}");
        RowLikelihood found = Wide.Value.Likelihood(Rows(20, 2), chains: 100, temperatures: 1000);
        Assert.False(found.IsExact);
        Assert.Equal(found.LogLikelihood, last["val_log_likelihood"], 0.5);
        Assert.Equal(found, Wide.Value.Likelihood(Rows(20, 2), chains: 100, temperatures: 1000));
        Assert.NotEqual(found.LogPartition, Wide.Value.Likelihood(Rows(20, 2), chains: 100, temperatures: 1000, seed: 1).LogPartition);
    }

    [Fact]
    public void A_bracket_that_can_not_be_trusted_is_named()
    {
        Recorder progress = new();
        RbmOptions rough = Large with { WeightDeviation = 3, AisTemperatures = 1, Epochs = 2, Optimizer = Optimizers.Sgd(1e-6) };
        RbmModel model = Models.Rbm.Train(Rows(), rough, progress);
        Assert.True(Math.Abs(model.History[^1]["ais_gap"]) > 2);
        string note = Assert.Single(progress.Seen.SelectMany(seen => seen.Notes));
        Assert.StartsWith("likelihood: found", note);
        Recorder calm = new();
        Models.Rbm.Train(Rows(), Large, calm);
        Assert.Empty(calm.Seen.SelectMany(seen => seen.Notes));
    }

    [Fact]
    public void Evaluation_tells_the_likelihood_where_it_is_exact_and_elsewhere_when_asked()
    {
        Assert.Equal(Model.Likelihood(Held).LogLikelihood, Model.Evaluate(Held)["log_likelihood"]);
        Assert.DoesNotContain("log_likelihood", Wide.Value.Evaluate(Rows()).Keys);
        IDensity density = Wide.Value;
        IReadOnlyDictionary<string, double> asked = density.Likelihoods(Rows(), samples: 5);
        Assert.Equal(density.LogLikelihood(Rows(), samples: 5), asked["log_likelihood"]);
        Assert.Equal(["log_partition", "log_likelihood", "ais_gap"], asked.Keys);
    }

    [Fact]
    public void A_loaded_machine_gives_the_same_likelihood()
    {
        using TemporaryFolder folder = new();
        Model.Save(folder["rbm.safetensors"]);
        Assert.Equal(Model.Likelihood(Held), Models.Rbm.Load(folder["rbm.safetensors"]).Likelihood(Held));
    }

    [Fact]
    public void Rows_and_numbers_that_make_no_sense_are_refused()
    {
        Assert.Contains("rows of 24 numbers", Assert.Throws<ArgumentException>(() => Model.Likelihood(Rows())).Message);
        Assert.Contains("chains", Assert.Throws<ArgumentException>(() => Model.AnnealedLikelihood(Held, chains: 1)).Message);
        Assert.Contains("temperatures", Assert.Throws<ArgumentException>(() => Model.Likelihood(Held, temperatures: 0)).Message);
        Assert.Throws<ArgumentException>(() => Models.Rbm.Train(Held, Small with { AisChains = 1 }));
    }
}
