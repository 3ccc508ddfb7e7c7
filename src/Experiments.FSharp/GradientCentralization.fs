namespace Functional.Experiments

open Functional

/// Whether centring gradients helps: a network from the same weights on the same batches, with and without. A gain is the difference of the
/// two test accuracies of one seed, so that what a seed changes in both falls out.
[<RequireQualifiedAccess>]
module GradientCentralization =
    let private optimizers =
        [
            "SGD with momentum", Optimizers.Momentum(0.05, 0.9)
            "Adam", Optimizers.Adam 0.001
        ]

    /// The test accuracy in per cent after each epoch.
    let private accuracies (context: Context) isCentred optimizer (seed: int64) : float list =
        let mnist = context.Data["mnist"]

        let options =
            MlpOptions(
                Hidden = [| 256; 128 |],
                Optimizer = optimizer,
                GradientCentralization = isCentred,
                Epochs = Context.choose 5 2 context,
                BatchSize = 128,
                Seed = seed,
                Threads = context.Threads,
                Validation = mnist.Test
            )

        let rows = mnist.Train.Take(Context.choose mnist.Train.Count 6000 context)
        let mlp = Models.Mlp.Train(rows, options, null, context.Cancellation)
        [ for accuracy in mlp.History["val_accuracy"] -> 100.0 * accuracy ]

    /// What one optimizer reaches with every seed: accuracies by epoch without and with centring.
    type private Comparison =
        {
            Name: string
            Without: float list list
            With: float list list
        }

    let private compare (context: Context) (seeds: int64 list) : Comparison list =
        let learn name isCentred optimizer =
            [
                for seed in seeds do
                    let reached = accuracies context isCentred optimizer seed
                    context.Report $"{name}, seed {seed}: {List.last reached:F2} %%"
                    reached
            ]

        [
            for name, optimizer in optimizers do
                {
                    Name = name
                    Without = learn name false optimizer
                    With = learn $"{name}, centred" true optimizer
                }
        ]

    let private rows (context: Context) (comparison: Comparison) : Row list =
        let epochs = comparison.Without.Head.Length

        let measured what =
            Row.measured $"{comparison.Name}: {what}"

        let points = Row.inUnit "points" >> Row.shown "F3"

        let accuracy what (reached: float list list) =
            { measured $"test accuracy {what}, median of {reached.Length} seeds" 0.0 with
                Values = List.map List.last reached
            }
            |> Row.inUnit "%"
            |> Row.shown "F2"
            |> Row.atLeast (context |> Context.choose 97.0 88.0)

        let gain epoch =
            let after = List.item (epoch - 1)

            let mean, width =
                List.map2 (fun with' without -> after with' - after without) comparison.With comparison.Without
                |> Confidence.interval

            [
                measured $"mean gain after epoch {epoch}" mean
                |> Row.publishedWords "a gain"
                |> points
                measured $"half of its 95 %% interval, epoch {epoch}" width |> points
            ]

        [
            accuracy "without" comparison.Without
            accuracy "with centred gradients" comparison.With
            yield! gain 1
            yield! gain epochs
        ]

    /// Mean accuracy over the seeds by epoch.
    let private chart (comparisons: Comparison list) =
        let series name (reached: float list list) =
            let means = reached |> List.transpose |> List.map List.average
            Series(name, [| for epoch in 1 .. means.Length -> float epoch |], List.toArray means)

        let curves =
            [
                for comparison in comparisons do
                    series comparison.Name comparison.Without
                    series $"{comparison.Name}, centred" comparison.With
            ]

        Charts.Lines("MNIST, 784-256-128-10", "epoch", "test accuracy, %", curves)

    let experiment =
        {
            Id = "gradient-centralization"
            Title = "SGD with momentum and Adam, with and without centred gradients"
            Source = "Yong, Huang, Hua & Zhang 2020; lecture on training neural networks"
            Needs = [ "mnist" ]
            Seeds = 5
            Run =
                fun context ->
                    // An interval needs several runs, quick or not.
                    let seeds =
                        match context.Seeds with
                        | [ seed ] -> [ seed .. seed + 2L ]
                        | several -> several

                    let comparisons = compare context seeds
                    (chart comparisons).SaveSvg(Context.path "accuracy.svg" context)
                    comparisons |> List.collect (rows context)
        }
