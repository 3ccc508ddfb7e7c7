using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>The callbacks of one training: the order in which they act, what their faults become, and what they remember.</summary>
internal sealed class CallbackList
{
    // A checkpoint holds what the others did before it.
    private readonly Callback[] _callbacks;

    public CallbackList(IEnumerable<Callback> callbacks) => _callbacks = [.. callbacks.OrderBy(callback => callback is CheckpointCallback)];

    /// <summary>The last file that training can go on from, or null.</summary>
    public string? LastCheckpoint => _callbacks.Select(callback => callback.LastCheckpoint).FirstOrDefault(path => path is not null);

    /// <summary>What the callbacks remember, as text; those that remember nothing are left out.</summary>
    public string Save(TrainingRun run)
    {
        JsonArray saved = [];
        foreach (Callback callback in _callbacks)
        {
            string state = "";
            Call(callback, nameof(Callback.SaveState), run, (callback, _) => state = callback.SaveState());
            if (state.Length > 0)
                saved.Add(new JsonObject { ["callback"] = callback.Identity, ["state"] = state });
        }

        return saved.ToJsonString();
    }

    /// <summary>Gives back what <see cref="Save"/> wrote. A callback that is new to the run begins anew; one that is missing is refused.</summary>
    public void Restore(TrainingRun run, string text)
    {
        List<Callback> left = [.. _callbacks];
        using JsonDocument saved = JsonDocument.Parse(text);
        foreach (JsonElement entry in saved.RootElement.EnumerateArray())
        {
            string identity = entry.GetProperty("callback").GetString() ?? "";
            Callback callback =
                left.Find(callback => callback.Identity == identity)
                ?? Core.Errors.option<Callback>(
                    "callbacks",
                    $"no {identity}, whose state the checkpoint holds",
                    "the callbacks that the run was begun with",
                    "give it again when resuming"
                );
            left.Remove(callback);
            Call(
                callback,
                nameof(Callback.RestoreState),
                run,
                (callback, _) => callback.RestoreState(entry.GetProperty("state").GetString() ?? "")
            );
        }
    }

    public void Start(TrainingRun run)
    {
        foreach (Callback callback in _callbacks)
            Check(callback, run.MetricNames);
        if (_callbacks.Count(callback => callback is EarlyStoppingCallback { RestoreBest: true }) > 1)
            Core.Errors.option<Unit>("callbacks", "several that restore the best weights", "one at most", "");
        foreach (Callback callback in _callbacks)
            callback.Resume(run);
        Each(run, nameof(Callback.OnStart), static (callback, run) => callback.OnStart(run));
    }

    public void Step(TrainingRun run) => Each(run, nameof(Callback.OnStep), static (callback, run) => callback.OnStep(run));

    public void Epoch(TrainingRun run, EpochMetrics epoch) =>
        Each(run, nameof(Callback.OnEpoch), (callback, run) => callback.OnEpoch(run, epoch));

    public void Stop(TrainingRun run) => Each(run, nameof(Callback.OnStop), static (callback, run) => callback.OnStop(run));

    public void End(TrainingRun run) => Each(run, nameof(Callback.OnEnd), static (callback, run) => callback.OnEnd(run));

    // Steps pass here as well: what is called holds on to nothing, so that no closure has to be made for it.
    private void Each(TrainingRun run, string hook, Action<Callback, TrainingRun> act)
    {
        foreach (Callback callback in _callbacks)
            Call(callback, hook, run, act);
    }

    private void Call(Callback callback, string hook, TrainingRun run, Action<Callback, TrainingRun> act)
    {
        try
        {
            act(callback, run);
        }
        catch (Exception fault) when (!callback.IsOurs)
        {
            throw new CallbackException(callback, hook, run, LastCheckpoint, fault);
        }
    }

    private static void Check(Callback callback, IReadOnlyList<string> names)
    {
        if (callback.Watched.FirstOrDefault(name => !names.Contains(name)) is not { } unknown)
            return;
        string fix =
            unknown.StartsWith("val_", StringComparison.Ordinal) && !names.Any(name => name.StartsWith("val_", StringComparison.Ordinal))
                ? "give validation rows for it"
                : Core.Suggest.fix(names, unknown);
        Core.Errors.option<Unit>(callback.Name, $"'{unknown}'", $"one of {string.Join(", ", names)}", fix);
    }
}
