using Xunit;

namespace Functional.Tests;

/// <summary>Steps ask the garbage collector for nothing, with callbacks and somebody who watches the progress.</summary>
public sealed class StepAllocationTests
{
    private sealed class Meter : Callback, IProgress<TrainingProgress>
    {
        private readonly long[] _after = new long[64];
        private int _steps;

        public int Reports { get; private set; }

        public IEnumerable<long> BytesOfSteps =>
            _after.Take(_steps).Zip(_after.Skip(1).Take(_steps - 1), (before, after) => after - before);

        protected override void OnStep(TrainingRun run) => _after[_steps++] = GC.GetAllocatedBytesForCurrentThread();

        public void Report(TrainingProgress value) => Reports++;
    }

    [Fact]
    public async Task From_the_third_on_a_step_allocates_nothing()
    {
        ImageSet letters = Datasets.Letters(seed: 1);
        Meter meter = new();
        VaeOptions options = new()
        {
            Hidden = [16],
            LatentSize = 2,
            Epochs = 1,
            BatchSize = letters.Train.Count / 40,
            Callbacks = [meter, Callbacks.EarlyStopping("loss", patience: 5)],
        };
        await Models.Vae.TrainAsync(letters.Train, options, meter);
        long[] bytes = [.. meter.BytesOfSteps.Skip(1).Take(38)];
        Assert.Equal(38, bytes.Length);
        Assert.All(bytes, found => Assert.Equal(0, found));
        Assert.True(meter.Reports > 40);
    }
}
