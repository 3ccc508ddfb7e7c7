using Spectre.Console;

namespace Functional.Cli;

/// <summary>Shows a training on standard error: a live bar on a terminal, a line an epoch elsewhere.</summary>
internal static class TrainingView
{
    /// <summary>Trains with the view that suits standard error.</summary>
    public static TrainedModel Show(Func<IProgress<TrainingProgress>, TrainedModel> train)
    {
        if (Console.IsErrorRedirected)
            return train(new Listener(Line));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console
            .Progress()
            .AutoClear(true)
            .Columns(
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn(),
                new TaskDescriptionColumn { Alignment = Justify.Left }
            )
            .Start(bars =>
            {
                ProgressTask bar = bars.AddTask("starting", maxValue: 1);
                return train(
                    new Listener(progress =>
                    {
                        Advance(bar, progress);
                        foreach (string note in progress.Notes)
                            console.WriteLine(note);
                    })
                );
            });
    }

    /// <summary>The numbers of an epoch on one line.</summary>
    public static string Numbers(EpochMetrics epoch) =>
        string.Join("  ", epoch.Values.Select(number => $"{number.Key} {Result.Show(number.Value)}"));

    private static void Line(TrainingProgress progress)
    {
        if (progress.Completed is { } epoch)
            Console.Error.WriteLine($"epoch {epoch.Epoch}/{progress.Epochs}  {Numbers(epoch)}  {epoch.Seconds:F2} s");
        foreach (string note in progress.Notes)
            Console.Error.WriteLine(note);
    }

    private static void Advance(ProgressTask bar, TrainingProgress progress)
    {
        bar.Value = (progress.Epoch - 1 + (double)progress.Batch / progress.Batches) / progress.Epochs;
        if (progress.Completed is { } epoch)
            bar.Description = $"epoch {epoch.Epoch}/{progress.Epochs}  loss {Result.Show(progress.Loss)}";
    }

    private sealed class Listener(Action<TrainingProgress> listen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress progress) => listen(progress);
    }
}
