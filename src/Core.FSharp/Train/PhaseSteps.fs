namespace Functional.Core

open System.Collections.Generic
open Functional.Core.Engines

/// The steps of one phase of a training. Batches are read into memory that compiled steps are bound to, one for each number of rows, so
/// that a step allocates nothing.
[<Sealed>]
type internal PhaseSteps<'P>(engine: Engine, options: TrainingOptions, phase: PreparedPhase<'P>, state: TrainingState<'P>) =
    let stepper = Stepper(engine, TrainingStep.take options phase.Phase, state)
    let bound = Dictionary<Batch, BoundStep<Tensor>>(HashIdentity.Reference)

    let on batch =
        match bound.TryGetValue batch with
        | true, step -> step
        | _ ->
            let step = stepper.On batch
            bound[batch] <- step
            step

    /// The state between two steps.
    member _.State
        with get () = stepper.State
        and set state = stepper.State <- state

    /// Steps on a batch that the phase's reader gave. The numbers that can tell of a divergence are overwritten by the next step.
    member _.Take(batch: Batch) : Storage = Evaluate.value ((on batch).Run().Node)

    /// Bytes that steps of so many rows take: see `BoundStep.PeakBytes`.
    member _.PeakBytes(rows: int) : int64 =
        (on (phase.Batches.Room rows)).PeakBytes
