namespace Functional.Core

open System.Collections.Generic
open Functional.Core.Engines

/// Rows of data as a step sees them.
type Batch =
    {
        /// [rows; numbers in a row].
        Rows: Tensor
        /// int32 [rows], where the data has labels.
        Labels: Tensor option
        /// [rows], where the data has weights: how much a row counts.
        Weights: Tensor option
    }

/// Batches of a set, one for each number of rows, whose memory is used again and again: a batch is to be done with before the next one is
/// read. From the second one of its size on, reading allocates nothing.
[<Sealed>]
type BatchReader(set: Dataset) =
    let batches = Dictionary<int, Batch>()

    let make rows =
        let tensor dtype shape =
            Tensor.ofStorage shape (Storage(dtype, Shape.count shape))

        {
            Rows = tensor Float32 [| rows; set.RowSize |]
            Labels = set.Labels |> Option.map (fun _ -> tensor DType.Int32 [| rows |])
            Weights = set.Weights |> Option.map (fun _ -> tensor Float32 [| rows |])
        }

    /// The batch with so many rows, whatever is in it.
    member _.Room(rows: int) : Batch =
        match batches.TryGetValue rows with
        | true, found -> found
        | _ ->
            let made = make rows
            batches[rows] <- made
            made

    /// Batch `index` of an epoch of the set.
    member reader.Read (epoch: Epoch) index : Batch =
        let batch = reader.Room(epoch.RowsOf index)
        let memory (tensor: Tensor) = Evaluate.value tensor.Node
        epoch.Fill(index, (memory batch.Rows).Floats) |> ignore

        match batch.Labels with
        | Some labels -> epoch.FillLabels(index, (memory labels).Ints) |> ignore
        | None -> ()

        match batch.Weights with
        | Some weights -> epoch.FillWeights(index, (memory weights).Floats) |> ignore
        | None -> ()

        batch

/// What one step of training is given beside the parameters.
type StepInput =
    {
        Key: Key
        /// Steps taken before this one: int32 scalar.
        Step: Tensor
        Batch: Batch
    }

/// What one step makes of its input.
type Outcome<'P> =
    {
        /// What is minimised, a scalar: a mean over the batch's rows.
        Loss: Tensor
        /// Numbers to report beside it, means over the batch's rows.
        Reported: (string * Tensor) list
        /// Parameters whose carried tensors are new; those that are trained are not looked at.
        Carried: 'P
    }

/// What training needs to know of a model, as pure functions of its parameters 'P.
type Objective<'P> =
    {
        Loss: 'P -> StepInput -> Outcome<'P>
        /// The numbers to report on held-out rows, the loss among them under the name "loss".
        Evaluate: 'P -> Key -> Batch -> (string * Tensor) list
    }

/// What is done when a training diverges.
[<RequireQualifiedAccess>]
type OnDivergence =
    /// It ends.
    | Stop
    /// It goes back to the beginning of the epoch and goes on with half the rate, until the rate is a thousandth of what it was.
    | Rollback

/// How to train, whatever the model.
type TrainingOptions =
    {
        /// 1 or more.
        Epochs: int
        /// 1 or more rows.
        BatchSize: int
        Seed: int64
        Optimizer: Optimizer
        Regularizer: Regularizer
        /// Beginnings of the paths of parameters that stay as they are, in all phases.
        Frozen: string list
        /// The largest sizes of reported numbers, by name; a step that goes beyond one has diverged, as one whose loss is not finite. The
        /// name gradient_norm stands for the length of the gradient of all parameters together.
        Limits: (string * float) list
        OnDivergence: OnDivergence
    }

[<RequireQualifiedAccess>]
module TrainingOptions =
    let defaults =
        {
            Epochs = 20
            BatchSize = 100
            Seed = 1L
            Optimizer = Optimizer.adam 0.001
            Regularizer = Regularizer.none
            Frozen = []
            Limits = []
            OnDivergence = OnDivergence.Stop
        }

/// Everything that training continues from, as one tree: saved whole, it resumes with the same bits.
type TrainingState<'P> =
    {
        Parameters: 'P
        Optimizer: OptimizerState<'P>
        /// The key of the draws; steps fold their numbers into it.
        Key: Key
        /// Steps taken: int32 scalar.
        Step: Tensor
        /// Epochs completed: int32 scalar.
        Epoch: Tensor
        /// Batches of the current epoch that are done: int32 scalar.
        Batch: Tensor
        /// The phase that the optimizer belongs to: int32 scalar.
        Phase: Tensor
        /// Sums over the current epoch's rows so far, one for each reported number, and last the rows: float64 vector, as long as the phase
        /// needs that reports most.
        Totals: Tensor
        /// The least monitored value of this phase so far: float64 scalar.
        Best: Tensor
        /// 1 when training was told to stop before its last epoch, else 0: int32 scalar.
        Stopped: Tensor
    }
