using Xunit;

namespace Functional.Tests;

/// <summary>What a training takes is known before it begins, for every kind of model.</summary>
public sealed class PeakBytesTests
{
    public static TheoryData<string> Kinds => [.. Models.All.Select(trainer => trainer.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_grows_with_the_batch_by_the_rows_at_least(string kind)
    {
        ITrainer trainer = Models.Named(kind);
        int[] rowShape = [28, 28];
        TrainingOptions options = kind is "mlp" or "cnn" ? trainer.Defaults.With([new("classes", "10")]) : trainer.Defaults;
        long small = trainer.PeakBytes(options with { BatchSize = 16 }, rowShape);
        long large = trainer.PeakBytes(options with { BatchSize = 48 }, rowShape);
        Assert.InRange(large - small, 32 * 28 * 28 * sizeof(float), int.MaxValue);
    }

    [Fact]
    public void A_deep_belief_net_that_learns_few_labels_is_as_large_as_one_that_learns_all()
    {
        ITrainer trainer = Models.Dbn;
        TrainingOptions options = new DbnOptions
        {
            Hidden = [30, 20],
            PretrainEpochs = 1,
            Epochs = 4,
            Classes = 10,
        };
        long all = trainer.PeakBytes(options, [6, 6]);
        Assert.Equal(all, trainer.PeakBytes((DbnOptions)options with { LabelledRows = 200 }, [6, 6]));
    }
}
