namespace Functional.Core

/// What happened in one epoch.
type EpochReport =
    {
        /// Counted from 1.
        Epoch: int
        /// Optimizer steps since the beginning.
        Step: int
        Seconds: float
        /// Values by name, in order; held-out ones start with val_.
        Metrics: (string * float)[]
        /// Whether the monitored value (val_loss, or loss without validation rows) is the least so far.
        IsBest: bool
    }

/// Where training stands between two steps.
[<Struct>]
type StepReport =
    {
        /// Counted from 1.
        Epoch: int
        /// Batches of this epoch done, of so many.
        Batch: int
        Batches: int
        Loss: float
    }

/// A training that diverged and went back.
type RollbackReport =
    {
        /// The epoch in which it diverged and from whose beginning it goes on, counted from 1.
        Epoch: int
        /// The step that diverged, counted from 1 at the beginning of training.
        Step: int
        /// What told of it, in words.
        Fault: string
        /// The factor on the optimizer's rate from now on.
        RateFactor: float
    }

/// Who wants to know how training goes.
type TrainingObserver =
    abstract OnStep: StepReport -> unit
    /// Called when an epoch is complete; the training's state can be read and saved.
    abstract OnEpoch: EpochReport -> unit
    /// Called when the training has gone back to the beginning of the epoch.
    abstract OnRollback: RollbackReport -> unit
