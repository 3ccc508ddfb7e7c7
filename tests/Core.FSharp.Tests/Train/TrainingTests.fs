namespace Functional.Core.Tests

open System
open System.Threading
open Functional.Core
open Functional.Core.Engines
open Xunit

/// What a training does and tells.
type TrainingTests() =
    static let metric name (report: EpochReport) =
        report.Metrics |> Array.find (fun (known, _) -> known = name) |> snd

    /// An objective whose numbers are known: the squared distance of one number w from the data.
    static let distance: Objective<Tensor> =
        let numbers (w: Tensor) _ (batch: Batch) =
            Tensor.mean (Tensor.square (batch.Rows - w)), [ "mean", Tensor.mean batch.Rows ]

        {
            Loss =
                fun w input ->
                    let loss, reported = numbers w input.Key input.Batch

                    {
                        Loss = loss
                        Reported = reported
                        Carried = w
                    }
            Evaluate =
                fun w key batch ->
                    let loss, reported = numbers w key batch
                    ("loss", loss) :: reported
        }

    static let still =
        { Tiny.options with
            Optimizer = Optimizer.sgd 1e-30
        }

    static let averageOf f (set: Dataset) =
        set.Features |> Array.averageBy (float >> f)

    static let distanceTraining options validation =
        Training(Tiny.engine, distance, options, Tensor.scalar 0.5, Tiny.train, validation)

    static let runToEnd (training: Training<'P>) =
        let notes = Notes 0
        Assert.True(training.Run(notes, notes.Token))
        notes

    [<Fact>]
    member _.``the loss falls``() =
        let notes =
            Tiny.start Tiny.engine { Tiny.options with Epochs = 30 } 1L Tiny.train
            |> Tiny.finish

        for name in [ "loss"; "val_loss" ] do
            let first, last =
                metric name notes.Epochs.Head, metric name (List.last notes.Epochs)

            Assert.True(last < 0.8 * first, $"{name} from {first} to {last}")

    [<Fact>]
    member _.``two runs give the same bits, at any number of threads``() =
        let first = Tiny.training ()
        let reports = (Tiny.finish first).Epochs |> List.map Tiny.timeless

        for threads in [ 1; 2; 3 ] do
            let engine = Cpu.create { Cpu.defaults with Threads = threads }
            let again = Tiny.start engine Tiny.options 1L Tiny.train
            Assert.Equal<EpochReport list>(reports, (Tiny.finish again).Epochs |> List.map Tiny.timeless)
            Assert.Equal<float[]>(Tiny.bits first, Tiny.bits again)

    [<Fact>]
    member _.``another seed deals other batches``() =
        let first, second =
            Tiny.training (), Tiny.start Tiny.engine { Tiny.options with Seed = 12L } 1L Tiny.train

        Tiny.finish first |> ignore
        Tiny.finish second |> ignore
        Assert.NotEqual<float[]>(Tiny.bits first, Tiny.bits second)

    [<Fact>]
    member _.``every step and every epoch is told``() =
        let training = Tiny.training ()
        let notes = Tiny.finish training
        Assert.Equal(3, training.Epoch)

        Assert.Equal<(int * int * int) list>(
            [
                for epoch in 1..3 do
                    for batch in 1..5 -> epoch, batch, 5
            ],
            [ for step in notes.Steps -> step.Epoch, step.Batch, step.Batches ]
        )

        Assert.Equal<(int * int) list>([ 1, 5; 2, 10; 3, 15 ], [ for report in notes.Epochs -> report.Epoch, report.Step ])
        Assert.All(notes.Epochs, (fun report -> Assert.True(report.Seconds > 0.0)))

        Assert.Equal<string list>(
            [
                "loss"
                "reconstruction"
                "kl"
                "active_units"
                "val_loss"
                "val_reconstruction"
                "val_kl"
                "val_active_units"
            ],
            [ for name, _ in notes.Epochs.Head.Metrics -> name ]
        )

    [<Fact>]
    member _.``metrics are means over rows, in a last short batch too``() =
        let report = (runToEnd (distanceTraining still (Some Tiny.validation))).Epochs.Head
        let square x = (x - 0.5) * (x - 0.5)

        for name, set in [ "", Tiny.train; "val_", Tiny.validation ] do
            Close.check
                name
                1e-6
                [| averageOf square set; averageOf id set |]
                [| metric (name + "loss") report; metric (name + "mean") report |]

    [<Fact>]
    member _.``the best epoch so far has the least validation loss``() =
        // A rate at which w goes to and fro around the mean of the data.
        let options =
            { Tiny.options with
                Epochs = 12
                Optimizer = Optimizer.momentum 0.1 0.9
            }

        let check name validation =
            let reports = (runToEnd (distanceTraining options validation)).Epochs
            let losses = reports |> List.map (metric name)

            let isLeast i =
                List.forall (fun earlier -> losses[i] < earlier) (List.take i losses)

            let expected = List.init losses.Length isLeast
            Assert.Contains(false, expected)
            Assert.Equal<bool list>(expected, reports |> List.map _.IsBest)

        check "val_loss" (Some Tiny.validation)
        check "loss" None

    [<Fact>]
    member _.``evaluating is what validation does``() =
        let training = Tiny.training ()
        let report = List.last (Tiny.finish training).Epochs

        let found =
            (Evaluator.create Tiny.engine (VaeObjective.create VaeObjective.defaults))
                .Invoke(training.Parameters, Tiny.options.Seed, Tiny.batchSize, Tiny.validation)

        Assert.Equal<(string * float) list>([ for name, value in found -> name, metric ("val_" + name) report ], found)

    [<Fact>]
    member _.``a price on weights is part of what is minimised, not of the loss told``() =
        let train regularizer =
            let training =
                Tiny.start
                    Tiny.engine
                    { Tiny.options with
                        Regularizer = regularizer
                    }
                    1L
                    Tiny.train

            let notes = Tiny.finish training

            notes.Epochs.Head,
            (Tree.tensors training.Parameters
             |> Array.sumBy (fun w -> (Tensor.sum (w * w)).ToScalar()))

        let free, large = train Regularizer.none
        let priced, small = train (Regularizer.l2 1.0)
        Assert.True(small < 0.9 * large)
        Assert.InRange(metric "loss" priced, 0.5 * metric "loss" free, 2.0 * metric "loss" free)

    [<Fact>]
    member _.``a cancelled training stands between two steps``() =
        let training = Tiny.training ()
        let notes, isDone = Tiny.run 7 training
        Assert.False isDone
        Assert.Equal(7, notes.Steps.Length)
        Assert.Equal<int[]>([| 7 |], training.State.Step.ToInt32s())
        Assert.Equal<int[]>([| 2 |], training.State.Batch.ToInt32s())
        Assert.Equal(1, training.Epoch)

        // Cancelled before the first step, nothing happens; not cancelled, it goes on.
        let before = Tiny.bits training
        Assert.False(training.Run(notes, CancellationToken true))
        Assert.Equal<float[]>(before, Tiny.bits training)
        Assert.Equal(8, (Tiny.finish training).Steps.Length)
        let whole = Tiny.training ()
        Tiny.finish whole |> ignore
        Assert.Equal<float[]>(Tiny.bits whole, Tiny.bits training)

    [<Fact>]
    member _.``cancelled at its last step a training is done``() =
        let notes, isDone = Tiny.run 15 (Tiny.training ())
        Assert.True isDone
        Assert.Equal(3, notes.Epochs.Length)

    [<Fact>]
    member _.``the caller's parameters stay the caller's``() =
        let parameters = Tiny.model 1L
        let before = VaeStep.numbers parameters

        let training =
            Training(Tiny.engine, VaeObjective.create VaeObjective.defaults, Tiny.options, parameters, Tiny.train, None)

        Tiny.finish training |> ignore
        Assert.Equal<float[]>(before, VaeStep.numbers parameters)

    [<Fact>]
    member _.``full and short batches are all that is compiled``() =
        let recorder = Recorder Tiny.engine

        Tiny.start recorder.Engine { Tiny.options with Epochs = 2 } 1L Tiny.train
        |> Tiny.finish
        |> ignore

        let after = recorder.Programs.Length
        // Steps on 5 and 3 rows, validation on 5 and 3.
        Assert.Equal(4, after)
