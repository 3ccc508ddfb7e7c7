using System.Globalization;
using Xunit;

namespace Functional.Tests;

public class CallbackTests
{
    private static readonly DataRows Validation = Tiny.Images(20, seed: 2);

    /// <summary>A caller's callback that remembers what it saw.</summary>
    private sealed class Counter : Callback
    {
        public int Steps { get; private set; }

        public List<string> Hooks { get; } = [];

        protected override void OnStart(TrainingRun run) => Hooks.Add("start");

        protected override void OnStep(TrainingRun run) => Steps++;

        protected override void OnEpoch(TrainingRun run, EpochMetrics epoch) => Hooks.Add($"epoch {run.Epoch}");

        protected override void OnStop(TrainingRun run) => Hooks.Add("stop");

        protected override void OnEnd(TrainingRun run) => Hooks.Add("end");

        protected override string SaveState() => $"{Steps}";

        protected override void RestoreState(string state) => Steps = int.Parse(state, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Hooks_are_called_in_order()
    {
        Counter counter = new();
        Train([counter]);
        Assert.Equal(["start", "epoch 1", "epoch 2", "epoch 3", "end"], counter.Hooks);
        Assert.Equal(18, counter.Steps);
    }

    [Fact]
    public void The_run_tells_where_training_stands()
    {
        List<string> seen = [];
        TrainedModel? second = null;
        byte[] bytes = [];
        VaeModel model = Train([
            Callbacks.OnEpoch(
                (run, epoch) =>
                {
                    seen.Add($"{run.Kind} {run.Epoch} {run.Step} {run.Batch}/{run.Batches} {run.History.Count} {epoch.Epoch}");
                    Assert.Equal(run.MetricNames, epoch.Values.Keys);
                    if (epoch.Epoch != 2)
                        return;
                    second = run.Model;
                    bytes = second.Bytes();
                }
            ),
        ]);
        Assert.Equal(["vae 1 6 0/6 1 1", "vae 2 12 0/6 2 2", "vae 3 18 0/6 3 3"], seen);
        // A model that a callback took does not change with the steps after it.
        Assert.Equal(bytes, second!.Bytes());
        Assert.NotEqual(bytes, model.Bytes());
    }

    [Fact]
    public void A_callback_ends_the_training_and_sets_the_rate()
    {
        VaeModel stopped = Train(
            [
                Callbacks.OnEpoch(
                    (run, epoch) =>
                    {
                        if (epoch.Epoch == 2)
                            run.Stop();
                    }
                ),
            ],
            epochs: 9
        );
        Assert.Equal(2, stopped.History.Count);
        List<double> rates = [];
        VaeModel still = Train([
            Callbacks.OnEpoch(
                (run, _) =>
                {
                    run.Rate = 1e-30;
                    rates.Add(run.Rate);
                }
            ),
        ]);
        // From the second epoch on nothing moves.
        Assert.Equal(still.History[0]["val_loss"], still.History[2]["val_loss"]);
        Assert.All(rates, rate => Assert.Equal(1e-30, rate, 1e-42));
        Assert.Throws<CallbackException>(() => Train([Callbacks.OnEpoch((run, _) => run.Rate = 0)]));
    }

    [Fact]
    public void Early_stopping_ends_a_training_that_learns_nothing()
    {
        Recorder recorder = new();
        VaeModel model = Train([Callbacks.EarlyStopping("val_loss", patience: 3)], epochs: 20, Optimizers.Sgd(1e-30), recorder);
        Assert.Equal(4, model.History.Count);
        Assert.Contains("stops after epoch 4", Assert.Single(recorder.Seen.SelectMany(progress => progress.Notes)));
    }

    [Fact]
    public void Early_stopping_gives_the_best_model_back()
    {
        Dictionary<int, byte[]> models = [];
        // A loss that is worse after every epoch: the best is the first.
        Callback keep = Callbacks.OnEpoch((run, epoch) => models[epoch.Epoch] = Parameters(run.Model));
        VaeModel best = Train([keep, Callbacks.EarlyStopping("val_loss", 2, mode: MonitorMode.Max, restoreBest: true)], epochs: 20);
        int stopped = best.History.Count;
        int expected = 1 + best.History["val_loss"].ToList().IndexOf(best.History["val_loss"].Max());
        Assert.Equal(expected + 2, stopped);
        Assert.Equal(models[expected], Parameters(best));
        VaeModel last = Train([Callbacks.EarlyStopping("val_loss", 2, mode: MonitorMode.Max)], epochs: 20);
        Assert.Equal(models[stopped], Parameters(last));
    }

    [Fact]
    public void A_plateau_lowers_the_rate()
    {
        List<double> rates = [];
        Train(
            [
                Callbacks.ReduceLROnPlateau(factor: 0.5, patience: 2, cooldown: 1, minRate: 3e-31),
                Callbacks.OnEpoch((run, _) => rates.Add(run.Rate * 1e30)),
            ],
            epochs: 7,
            Optimizers.Sgd(1e-30)
        );
        double[] expected = [1, 1, 0.5, 0.5, 0.3, 0.3, 0.3];
        Assert.All(rates.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-9));
    }

    [Fact]
    public void Models_are_saved_under_names_that_tell_their_numbers()
    {
        using TemporaryFolder folder = new();
        VaeModel model = Train([
            Callbacks.ModelCheckpoint(folder["all/{epoch:02d}-{val_loss:.2f}.safetensors"]),
            Callbacks.ModelCheckpoint(folder["best.safetensors"], bestOnly: true),
            Callbacks.ModelCheckpoint(folder["least/{epoch}.safetensors"], bestOnly: true, mode: MonitorMode.Max),
            Callbacks.ModelCheckpoint(folder["batches/{epoch}-{batch}-{step:03d}.safetensors"], weightsOnly: true, everyBatches: 4),
        ]);
        Assert.Equal(
            model.History.Select(epoch =>
                string.Create(CultureInfo.InvariantCulture, $"{epoch.Epoch:00}-{epoch["val_loss"]:F2}.safetensors")
            ),
            Names(folder["all"])
        );
        Assert.Equal(model.Bytes(), Models.Load(Directory.GetFiles(folder["all"]).Order().Last()).Bytes());
        int best = model.History["val_loss"].ToList().IndexOf(model.History["val_loss"].Min()) + 1;
        Assert.Equal(best, Models.Load(folder["best.safetensors"]).History.Count);
        double most = double.NegativeInfinity;
        Assert.Equal(
            from epoch in model.History
            where epoch["val_loss"] > most && (most = epoch["val_loss"]) == epoch["val_loss"]
            select $"{epoch.Epoch}.safetensors",
            Names(folder["least"])
        );
        Assert.Equal(
            ["1-4-004.safetensors", "2-2-008.safetensors", "2-6-012.safetensors", "3-4-016.safetensors"],
            Names(folder["batches"])
        );
        Assert.Empty(TensorFile.Read(folder["batches/1-4-004.safetensors"]).Metadata);
    }

    [Theory]
    [InlineData("{epoch:3d}|", "  1|")]
    [InlineData("{epoch:02d}|{step}", "01|6")]
    [InlineData("{step:05d}", "00006")]
    public void Whole_numbers_are_written_as_Python_does(string pattern, string expected)
    {
        using TemporaryFolder folder = new();
        Train([Callbacks.ModelCheckpoint(folder[pattern])], epochs: 1);
        Assert.Equal([expected], Names(folder[""]));
    }

    [Fact]
    public void A_csv_file_has_a_line_an_epoch()
    {
        using TemporaryFolder folder = new();
        VaeModel model = Train([Callbacks.CsvLog(folder["log.csv"])]);
        string[] lines = File.ReadAllLines(folder["log.csv"]);
        Assert.Equal($"epoch,step,rate,{string.Join(',', model.History[0].Values.Keys)}", lines[0]);
        Assert.Equal(3, lines.Length - 1);
        foreach ((string line, EpochMetrics epoch) in lines[1..].Zip(model.History))
        {
            double[] numbers = [.. line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
            Assert.Equal([epoch.Epoch, epoch.Step, 0.001, .. epoch.Values.Values], numbers);
        }
    }

    public static TheoryData<string, string> Refusals =>
        new()
        {
            { "early-stoping", "perhaps you meant early-stopping" },
            { "early-stopping,patience", "NAME[,KEY=VALUE]" },
            { "early-stopping,patients=3", "perhaps you meant patience" },
            { "early-stopping,patience=-1", "expected a whole number, 0 or more" },
            { "early-stopping,baseline=x", "none" },
            { "early-stopping,mode=most", "one of auto, min, max" },
            { "reduce-lr-on-plateau,factor=1", "factor" },
            { "model-checkpoint,path={epoch:02d", "brace" },
            { "model-checkpoint,path={epoch:x}", "format" },
            { "model-checkpoint,every-batches=3,path={val_loss}", "between epochs" },
            { "model-checkpoint,every-batches=3,best-only=true", "'val_loss' between epochs" },
            { "csv-log,path=", "path" },
        };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Text_that_names_no_callback_is_refused(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => Callbacks.Parse(text)).Message);

    [Fact]
    public void Numbers_that_epochs_do_not_report_are_refused_before_training()
    {
        Counter counter = new();
        string Refused(Callback callback, DataRows? validation) =>
            Assert
                .Throws<ArgumentException>(() =>
                    Models.Vae.Train(Tiny.Images(), Tiny.Options with { Validation = validation, Callbacks = [counter, callback] })
                )
                .Message;

        Assert.Contains("perhaps you meant val_loss", Refused(Callbacks.EarlyStopping("val_los"), Validation));
        Assert.Contains("give validation rows", Refused(Callbacks.EarlyStopping("val_loss"), null));
        Assert.Contains("expected one of loss, ", Refused(Callbacks.ReduceLROnPlateau("accuracy"), null));
        Assert.Contains("'acuracy'", Refused(Callbacks.ModelCheckpoint("{acuracy:.2f}"), Validation));
        Assert.Contains("'batch'", Refused(Callbacks.ModelCheckpoint("{batch}"), Validation));
        Assert.Contains("Patience", Refused(Callbacks.EarlyStopping("loss", patience: -1), null));
        Assert.Empty(counter.Hooks);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(9)]
    [InlineData(13)]
    [InlineData(20)]
    public void A_run_with_all_of_them_goes_on_to_the_same_bits(int steps)
    {
        using TemporaryFolder folder = new();
        Counter whole = new();
        VaeModel expected = Keep(folder, "whole", whole);
        using CancellationTokenSource source = new();
        int seen = 0;
        Recorder recorder = new(progress =>
        {
            if (progress.Completed is null && progress.Notes.Count == 0 && ++seen == steps)
                source.Cancel();
        });
        Counter cut = new();
        Assert.ThrowsAny<OperationCanceledException>(() => Keep(folder, "cut", cut, recorder, source.Token));
        Assert.Equal("stop", cut.Hooks[^1]);
        Counter resumed = new();
        VaeModel model = Models.Vae.Resume(folder["cut/run"], data: Tiny.Images(), validation: Validation, callbacks: [resumed]);
        Assert.Equal(whole.Steps, resumed.Steps);
        Assert.Equal(expected.Bytes(), model.Bytes());
        Assert.True(expected.History.Count is > 3 and < 12, $"stopped after {expected.History.Count} epochs");
        foreach (string file in (string[])["run/checkpoints/last.safetensors", "run/model.safetensors", "log.csv"])
            Assert.Equal(File.ReadAllBytes(folder[$"whole/{file}"]), File.ReadAllBytes(folder[$"cut/{file}"]));
        Assert.Equal(Names(folder["whole/models"]), Names(folder["cut/models"]));
        foreach (string events in (string[])["run", "logs"])
            Assert.Equal(Events(folder[$"whole/{events}"]), Events(folder[$"cut/{events}"]));

        // What has stopped early stays so, and gives the best model again.
        Assert.Equal(
            expected.Bytes(),
            Models.Vae.Resume(folder["cut/run"], data: Tiny.Images(), validation: Validation, callbacks: [new Counter()]).Bytes()
        );
    }

    [Fact]
    public void A_callback_whose_state_is_kept_must_be_given_again()
    {
        using TemporaryFolder folder = new();
        Keep(folder, "run", new Counter());
        ArgumentException fault = Assert.Throws<ArgumentException>(() =>
            Models.Vae.Resume(folder["run/run"], data: Tiny.Images(), validation: Validation)
        );
        Assert.Contains(typeof(Counter).FullName!, fault.Message);
    }

    [Fact]
    public void A_callback_that_fails_ends_the_training_and_leaves_the_checkpoint_good()
    {
        using TemporaryFolder folder = new();
        VaeModel whole = Train([Callbacks.Checkpoint(folder["whole"])]);
        Callback faulty = Callbacks.OnEpoch(
            (_, epoch) =>
            {
                if (epoch.Epoch == 2)
                    throw new FormatException("no such day");
            }
        );
        CallbackException fault = Assert.Throws<CallbackException>(() => Train([Callbacks.Checkpoint(folder["cut"]), faulty]));
        Assert.Same(faulty, fault.Callback);
        Assert.Equal(folder["cut/checkpoints/last.safetensors"], fault.LastCheckpoint);
        Assert.Equal(
            $"Callback Callbacks.OnEpoch: found FormatException in OnEpoch at step 12 (no such day). What was learnt before is in {fault.LastCheckpoint}.",
            fault.Message
        );
        Assert.Equal(whole.Bytes(), Models.Vae.Resume(folder["cut"], data: Tiny.Images(), validation: Validation).Bytes());
    }

    [Fact]
    public void Two_that_restore_the_best_weights_are_refused()
    {
        Callback[] both = [Callbacks.EarlyStopping(restoreBest: true), Callbacks.EarlyStopping("loss", restoreBest: true)];
        Assert.Throws<ArgumentException>(() => Train(both));
    }

    private static VaeModel Train(
        IReadOnlyList<Callback> callbacks,
        int epochs = 3,
        Optimizer? optimizer = null,
        IProgress<TrainingProgress>? progress = null
    ) => Models.Vae.Train(Tiny.Images(), Options(callbacks, epochs, optimizer), progress);

    /// <summary>Trains with every callback there is; the rate falls on the first plateau, and training stops early.</summary>
    private static VaeModel Keep(
        TemporaryFolder folder,
        string name,
        Counter counter,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken token = default
    )
    {
        Callback[] callbacks =
        [
            Callbacks.EarlyStopping(patience: 3, minDelta: 0.3, restoreBest: true),
            Callbacks.ReduceLROnPlateau(factor: 0.01, patience: 1, cooldown: 1, minDelta: 0.5),
            Callbacks.ModelCheckpoint(folder[$"{name}/models/{{epoch:02d}}-{{val_loss:.4f}}.safetensors"], bestOnly: true),
            Callbacks.CsvLog(folder[$"{name}/log.csv"]),
            Callbacks.TensorBoard(folder[$"{name}/logs"], histograms: true),
            counter,
            Callbacks.Checkpoint(folder[$"{name}/run"]),
        ];
        return Models.Vae.Train(Tiny.Images(), Options(callbacks, epochs: 12, Optimizers.Adam(0.05)), progress, token);
    }

    private static VaeOptions Options(IReadOnlyList<Callback> callbacks, int epochs, Optimizer? optimizer) =>
        Tiny.Options with
        {
            Epochs = epochs,
            Optimizer = optimizer ?? Tiny.Options.Optimizer,
            Validation = Validation,
            Callbacks = callbacks,
        };

    private static string[] Names(string folder) => [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order()];

    private static IEnumerable<(long, string, float?)> Events(string folder) =>
        Directory
            .GetFiles(folder, "events.out.tfevents.*")
            .SelectMany(file => EventFile.Read(file).Values)
            .Select(value => (value.Step, value.Tag, value.Number));

    /// <summary>The numbers of a model's file without what it says about itself.</summary>
    private static byte[] Parameters(TrainedModel model)
    {
        using TemporaryFolder folder = new();
        model.Save(folder["model.safetensors"]);
        byte[] file = File.ReadAllBytes(folder["model.safetensors"]);
        return file[(8 + (int)BitConverter.ToInt64(file))..];
    }
}
