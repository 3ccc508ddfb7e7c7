namespace Functional.Experiments

open Functional
open Functional.Core
open Functional.Core.Engines

/// Whether centring gradients helps: a network from the same weights on the same batches, with and without. A gain is the difference of the
/// two test accuracies of one seed, so that what a seed changes in both falls out.
[<RequireQualifiedAccess>]
module GradientCentralization =
    let private optimizers =
        [
            "SGD with momentum", Optimizer.momentum 0.05 0.9
            "Adam", Optimizer.adam 0.001
        ]

    let private labels (batch: Batch) =
        match batch.Labels with
        | Some labels -> labels
        | None -> Errors.state "gradient-centralization" "rows without labels" "rows with them" ""

    let private crossEntropy logits batch =
        Tensor.mean (Loss.categorical logits (labels batch))

    let private objective: Objective<Network> =
        {
            Loss =
                fun network input ->
                    let logits, carried = Network.apply (Mode.Train input.Key) network input.Batch.Rows

                    {
                        Loss = crossEntropy logits input.Batch
                        Reported = []
                        Carried = carried
                    }
            Evaluate =
                fun network _ batch ->
                    let logits = Network.infer network batch.Rows
                    let isRight = Tensor.eq (Tensor.argmax 1 logits) (labels batch)

                    [
                        "loss", crossEntropy logits batch
                        "accuracy", Tensor.mean (Tensor.cast Float32 isRight)
                    ]
        }

    /// 784-256-128-10 with rectified units between.
    let private network (seed: int64) (inputs: int) : Network =
        // Training splits the seed's key itself; with a number folded in it is another.
        let hidden, output = Key.pair (Key.foldIn -1 (Key.ofSeed seed))
        let layers = (Network.dense Relu hidden inputs [ 256; 128 ]).Layers

        {
            Layers = layers @ [ Dense(Dense.create GlorotNormal output 128 10) ]
        }

    let private toSet name (rows: DataRows) =
        Dataset.create name (Seq.toArray rows.RowShape) (rows.Values.ToArray())
        |> Dataset.withLabels (Seq.toArray (nonNull rows.Labels))

    /// The test accuracy in per cent after each epoch.
    let private accuracies (context: Context) (train: Dataset) (test: Dataset) (optimizer: Core.Optimizer) (seed: int64) : float list =
        let options =
            { TrainingOptions.defaults with
                Epochs = context |> Context.choose 5 2
                BatchSize = 128
                Seed = seed
                Optimizer = optimizer
            }

        let engine =
            Cpu.create
                { Cpu.defaults with
                    Threads = context.Threads
                }

        let training =
            Training(engine, objective, options, network seed train.RowSize, train, Some test)

        let found = ResizeArray()

        let observer =
            { new TrainingObserver with
                member _.OnStep _ = ()

                member _.OnEpoch report =
                    found.Add(100.0 * (Map.ofArray report.Metrics)["val_accuracy"])
            }

        if not (training.Run(observer, context.Cancellation)) then
            context.Cancellation.ThrowIfCancellationRequested()

        List.ofSeq found

    /// What one optimizer reaches with every seed: accuracies by epoch without and with centring.
    type private Comparison =
        {
            Name: string
            Without: float list list
            With: float list list
        }

    let private compare (context: Context) (seeds: int64 list) : Comparison list =
        let mnist = context.Data["mnist"]
        let count = context |> Context.choose 60000 6000
        let train = toSet "mnist" (mnist.Train.Take count)
        let test = toSet "mnist test" mnist.Test

        let learn name optimizer transforms =
            seeds
            |> List.map (fun seed ->
                let reached =
                    accuracies
                        context
                        train
                        test
                        { optimizer with
                            Transforms = transforms
                        }
                        seed

                context.Report $"{name}, seed {seed}: {List.last reached:F2} %%"
                reached)

        [
            for name, optimizer in optimizers do
                {
                    Name = name
                    Without = learn name optimizer []
                    With = learn $"{name}, centred" optimizer [ Centralize ]
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
