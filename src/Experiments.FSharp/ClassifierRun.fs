namespace Functional.Experiments

open System.Collections.Generic
open System.IO
open Functional

/// A recipe for a classifier, and what it is to reach on test rows.
type internal ClassifierRun =
    {
        /// What the recipe is called in rows, files and progress.
        Label: string
        /// Options as the command line takes them.
        Settings: (string * string) list
        Epochs: int
        BatchSize: int
        /// Rows to learn from, or all when there are fewer; a twelfth of them is held out.
        Rows: int
        /// The accuracy that was published, in per cent.
        Published: float
        /// The least accuracy, in per cent.
        Bound: float
    }

[<RequireQualifiedAccess>]
module internal ClassifierRun =
    /// The options of a training; the rate falls to 0 along half a cosine over all its steps.
    let private settings (context: Context) (run: ClassifierRun) (seed: int64) (train: DataRows) =
        let steps = (train.Count + run.BatchSize - 1) / run.BatchSize

        [
            "epochs", $"{run.Epochs}"
            "batch-size", $"{run.BatchSize}"
            "seed", $"{seed}"
            "threads", $"{context.Threads}"
            "schedule", $"cosine:{run.Epochs * steps}"
        ]
        @ run.Settings
        |> Seq.map KeyValuePair.Create

    /// Perceptrons are told by their hidden layers, other networks by all of theirs.
    let private defaults (run: ClassifierRun) validation callbacks : ITrainer * TrainingOptions =
        if run.Settings |> List.exists (fun (key, _) -> key = "hidden") then
            Models.Mlp, MlpOptions(Validation = validation, Callbacks = callbacks)
        else
            Models.Cnn, CnnOptions(Validation = validation, Callbacks = callbacks)

    /// The network after the epoch with the least loss on held-out rows; the test rows take no part.
    let private best (context: Context) (run: ClassifierRun) (seed: int64) (rows: DataRows) : Network =
        let struct (train, validation) = rows.Take(run.Rows).Split(11.0 / 12.0, seed)
        let folder = context |> Context.path $"{run.Label}-{seed}"

        let trainer, options = defaults run validation [| Callbacks.Checkpoint folder |]
        let options = options.With(settings context run seed train)

        trainer.Train(train, options, Context.progress $"{run.Label}, seed {seed}" context, context.Cancellation)
        |> ignore

        Models.Classifier.Load(Path.Combine(folder, "checkpoints", "best.safetensors"))

    let private confusionChart (run: ClassifierRun) (network: Network) (test: DataRows) =
        let counts = network.Confusion test

        let shares =
            counts
            |> Array2D.mapi (fun label _ count -> 100.0 * float count / float (Array.sum counts[label, *]))

        let names = [| for errors in network.ErrorsByClass test -> errors.Name |]
        Charts.HeatMap($"{run.Label}: per cent of each class taken for each", "predicted", "class", shares, names, names)

    /// The accuracy on the test rows with its bound, and the error of each class. The first seed leaves a picture of the confusion.
    let rows (context: Context) (data: DataSplits) (seed: int64) (run: ClassifierRun) : Row list =
        let network = best context run seed data.Train

        let measured what share =
            Row.measured $"{run.Label}: {what}" (100.0 * share)
            |> Row.inUnit "%"
            |> Row.shown "F2"

        if seed = context.Seeds.Head then
            (confusionChart run network data.Test).SaveSvg(context |> Context.path $"{run.Label}-confusion.svg")

        [
            measured "test accuracy" (network.Evaluate(data.Test)["accuracy"])
            |> Row.published run.Published
            |> Row.atLeast run.Bound

            for errors in network.ErrorsByClass data.Test do
                measured $"error of {errors.Name}" errors.Rate
        ]
