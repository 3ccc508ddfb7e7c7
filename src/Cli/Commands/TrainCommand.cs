using System.CommandLine;
using System.Text.Json.Nodes;

namespace Functional.Cli;

/// <summary>train: makes a run folder, or goes on with one.</summary>
internal static class TrainCommand
{
    private const string UsualData = "letters";

    private static readonly Argument<string?> Model = new("MODEL")
    {
        Description = $"What to train: {string.Join(", ", Models.All.Select(trainer => trainer.Name))}.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Data = Switches.Data(
        $"letters, plane3d, sequences, mnist, fashion-mnist, gordon2002, idx:IMAGES[,LABELS], csv:FILE or npz:FILE; {UsualData} when not given."
    );

    private static readonly Option<string?> DataDir = Switches.DataDir();
    private static readonly Option<string?> Epochs = Switches.Text(
        "--epochs",
        "N",
        "How often to go through the data; after --resume, the epochs to reach."
    );
    private static readonly Option<string?> BatchSize = Switches.Text("--batch-size", "N", "Rows that one step looks at.");
    private static readonly Option<string?> Seed = Switches.Text(
        "--seed",
        "N",
        "Where all randomness comes from; the same seed gives the same bits."
    );
    private static readonly Option<string?> Threads = Switches.Text(
        "--threads",
        "N",
        "Threads to compute with; results do not depend on it."
    );
    private static readonly Option<string?> Engine = Switches.Text(
        "--engine",
        "E",
        $"What computes: {string.Join(" or ", ComputeEngines.All)}."
    );
    private static readonly Option<string?> OnDivergence = Switches.Text(
        "--on-divergence",
        "WHAT",
        "When a number is no longer finite or beyond its limit: stop, or rollback to the beginning of the epoch and half the rate."
    );
    private static readonly Option<string?> Out = Switches.Text("--out", "DIR", "The run folder; runs/MODEL-DATE-TIME when not given.");
    private static readonly Option<string?> Resume = Switches.Text("--resume", "RUN", "Go on with a run from its last checkpoint.");

    private static readonly Option<string[]> Set = new("--set")
    {
        HelpName = "KEY=VALUE",
        Description = "Sets any option of the model; can be repeated.",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string[]> Extra = new("--callback")
    {
        HelpName = "NAME[,KEY=VALUE]...",
        Description = "Something that happens along the way, such as early-stopping,monitor=val_loss,patience=5; can be repeated.",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string?>[] Named = [Epochs, BatchSize, Seed, Threads, Engine, OnDivergence];

    public static Verb Create() =>
        new(
            "train",
            "Trains a model and writes a run folder.",
            "functional train vae --data letters --epochs 60 --set latent-size=8 --set hidden=400,200",
            Run,
            [Model, Data, DataDir, .. Named, Out, Resume, Set, Extra]
        )
        {
            Notes = Notes,
        };

    private static Result Run(ParseResult line)
    {
        using Interrupts interrupts = new();
        string? resumed = line.GetValue(Resume);
        string folder = resumed ?? line.GetValue(Out) ?? "";
        Func<IProgress<TrainingProgress>, TrainedModel> train = resumed is null
            ? Begin(line, ref folder, interrupts.Token)
            : GoOn(line, resumed, interrupts.Token);
        try
        {
            return Finished(folder, TrainingView.Show(train));
        }
        catch (OperationCanceledException stopped)
        {
            throw new OperationCanceledException($"{stopped.Message} Go on with: functional train --resume {folder}", stopped);
        }
        catch (IOException fault) when (ExitCode.Of(fault) == ExitCode.Failed && RunFolder.Exists(folder))
        {
            throw new IOException(
                $"{fault.Message.TrimEnd('.')}. Once that is mended, go on with: functional train --resume {folder}",
                fault
            );
        }
    }

    private static Func<IProgress<TrainingProgress>, TrainedModel> Begin(ParseResult line, ref string folder, CancellationToken token)
    {
        string[] known = [.. Models.All.Select(known => known.Name)];
        string name =
            line.GetValue(Model) ?? throw new ArgumentException($"MODEL: found none, expected one of {string.Join(", ", known)}.");
        ITrainer trainer = Models.Named(name);
        TrainingOptions options = trainer.Defaults.With(Settings(line));
        Callback[] callbacks = [.. (line.GetValue(Extra) ?? []).Select(Callbacks.Parse)];
        options.Validate();
        DataSplits data = Datasets.Load(line.GetValue(Data) ?? UsualData, line.GetValue(DataDir));
        if (folder.Length == 0)
            folder = Path.Combine("runs", $"{name}-{DateTime.Now:yyyyMMdd-HHmmss}");
        options = options with { Validation = data.HeldOut, Callbacks = [.. callbacks, Callbacks.Checkpoint(folder)] };
        return progress => trainer.Train(data.Train, options, progress, token);
    }

    private static Func<IProgress<TrainingProgress>, TrainedModel> GoOn(ParseResult line, string folder, CancellationToken token)
    {
        Option[] fixedThen = [Data, BatchSize, Seed, Engine, OnDivergence, Out, Set, Extra];
        if (line.GetValue(Model) is { } model)
            throw new ArgumentException($"MODEL: found '{model}' beside --resume, expected none; a run knows its model.");
        if (fixedThen.FirstOrDefault(option => line.GetResult(option) is { Implicit: false }) is { } given)
            throw new ArgumentException(
                $"{given.Name}: found beside --resume, expected only --epochs, --threads and --data-dir; the rest was fixed when the run began."
            );
        RunFolder run = RunFolder.Open(folder);
        TrainingOptions options = run.Options.With(Settings(line));
        return progress => run.Resume(options.Epochs, options.Threads, line.GetValue(DataDir), progress: progress, cancellation: token);
    }

    private static IEnumerable<KeyValuePair<string, string>> Settings(ParseResult line)
    {
        foreach (Option<string?> option in Named)
        {
            if (line.GetValue(option) is { } value)
                yield return KeyValuePair.Create(option.Name.TrimStart('-'), value);
        }

        foreach (string setting in line.GetValue(Set) ?? [])
        {
            if (setting.Split('=', 2) is not [{ Length: > 0 } key, var value])
                throw new ArgumentException($"--set: found '{setting}', expected KEY=VALUE such as latent-size=20.");
            yield return KeyValuePair.Create(key, value);
        }
    }

    private static Result Finished(string folder, TrainedModel model)
    {
        EpochMetrics last = model.History[^1];
        return new Result(
            new JsonObject { ["run"] = folder, ["metrics"] = Result.Epoch(last) },
            Result.Lines([
                ("run", folder),
                ("epoch", $"{last.Epoch}"),
                .. last.Values.Select(value => (value.Key, Result.Show(value.Value))),
            ])
        );
    }

    private static string Notes(ParseResult line) =>
        string.Join("\n\n", [OptionsHelp(line.GetValue(Model)), .. Callbacks.All.Select(Describe)]);

    private static string OptionsHelp(string? model) =>
        Models.All.FirstOrDefault(trainer => trainer.Name == model) is { } trainer
            ? Describe(trainer)
            : $"Options of a model for --set: functional train {Models.Vae.Name} --help";

    private static string Describe(ITrainer trainer) =>
        $"Options of {trainer.Name} for --set, with their usual values:\n{List(trainer.Defaults.List())}";

    private static string Describe(CallbackDescription callback) =>
        $"Options of --callback {callback.Name}, with their usual values:\n{List(callback.Options)}";

    private static string List(IEnumerable<OptionValue> options) =>
        Result.Lines(options.Select(option => ($"  {option.Key}={option.Value}", option.Expected)));
}
