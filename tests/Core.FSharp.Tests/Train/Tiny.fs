namespace Functional.Core.Tests

open System
open System.Threading
open Functional.Core
open Functional.Core.Engines

/// Notes what a training tells, and cancels it after so many steps when asked to.
[<Sealed>]
type Notes(cancelAfter: int) =
    let steps = ResizeArray<StepReport>()
    let epochs = ResizeArray<EpochReport>()
    let rollbacks = ResizeArray<RollbackReport>()
    let source = new CancellationTokenSource()

    member _.Steps = List.ofSeq steps
    member _.Epochs = List.ofSeq epochs
    member _.Rollbacks = List.ofSeq rollbacks
    member _.Token = source.Token

    interface TrainingObserver with
        member _.OnStep report =
            steps.Add report

            if steps.Count = cancelAfter then
                source.Cancel()

        member _.OnEpoch report = epochs.Add report
        member _.OnRollback report = rollbacks.Add report

/// A training that takes a blink: 23 rows of 6 numbers in batches of 5, the last of 3.
[<RequireQualifiedAccess>]
module Tiny =
    let rowCount, rowSize, batchSize = 23, 6, 5
    let stepsPerEpoch = 5

    /// Rows of numbers in [0, 1), each near one of two patterns.
    let rowsOf seed count =
        let key = Threefry.ofSeed seed

        Array.init (count * rowSize) (fun i ->
            let isHigh = (i / rowSize + i) % 2 = 0
            (if isHigh then 0.8f else 0.0f) + 0.2f * Threefry.uniform key (int64 i))
        |> Dataset.create "tiny" [| rowSize |]

    let train = rowsOf 1L rowCount
    let validation = rowsOf 2L 8

    let options =
        { TrainingOptions.defaults with
            Epochs = 3
            BatchSize = batchSize
            Seed = 11L
            Optimizer = Optimizer.adam 0.01
        }

    /// An untrained model; every seed gives another.
    let model seed =
        Vae.create
            {
                Inputs = rowSize
                Hidden = [ 8 ]
                LatentSize = 2
                Activation = Elu
                Likelihood = Bernoulli
            }
            (Key.ofSeed seed)

    let start engine options seed data =
        Training(engine, VaeObjective.create VaeObjective.defaults, options, model seed, data, Some validation)

    let engine: Engine = Cpu.create { Cpu.defaults with Threads = 2 }

    /// A new training of the tiny model.
    let training () = start engine options 1L train

    /// Runs to the end, or until it has taken so many steps.
    let run cancelAfter (training: Training<Vae>) =
        let notes = Notes cancelAfter
        let isDone = training.Run(notes, notes.Token)
        notes, isDone

    /// Runs to the end.
    let finish training = run 0 training |> fst

    /// A report without what the clock says.
    let timeless (report: EpochReport) = { report with Seconds = 0.0 }

    let bits (training: Training<Vae>) = VaeStep.numbers training.State
