namespace Functional.Core

open System
open Functional.Core.Engines

/// A phase with what its epochs need.
type internal PreparedPhase<'P> =
    {
        Phase: Phase<'P>
        Rows: Dataset
        Batches: BatchReader
        /// What its steps report.
        Names: string list
        Limits: Limit list
        Optimizer: Optimizer
        Evaluate: Lazy<Func<'P, int64, int, Dataset, (string * float) list>>
    }

[<RequireQualifiedAccess>]
module internal PreparedPhase =
    /// A phase of a training of these parameters on these rows.
    let make (engine: Engine) (options: TrainingOptions) (parameters: 'P) (train: Dataset) (phase: Phase<'P>) : PreparedPhase<'P> =
        let rows = phase.Rows train
        let names = TrainingStep.names options parameters rows phase

        {
            Phase = phase
            Rows = rows
            Batches = BatchReader rows
            Names = names
            Limits = Limit.among names options.Limits
            Optimizer = TrainingStep.optimizerOf options phase
            Evaluate = lazy (Evaluator.create engine phase.Objective)
        }

    /// The state before the first step of a training that begins with phase `index`.
    let start (options: TrainingOptions) (parameters: 'P) (phases: PreparedPhase<'P>[]) index : TrainingState<'P> =
        {
            Parameters = parameters
            Optimizer = Optimizer.init phases[index].Optimizer parameters
            Key = TrainingKeys.steps options.Seed
            Step = Tensor.zeros DType.Int32 []
            Epoch = Tensor.zeros DType.Int32 []
            Batch = Tensor.zeros DType.Int32 []
            Phase = Tensor.full DType.Int32 [] (float index)
            Totals = Tensor.zeros Float64 [ (phases |> Array.map _.Names.Length |> Array.max) + 1 ]
            Best = Tensor.full Float64 [] infinity
            Stopped = Tensor.zeros DType.Int32 []
        }
