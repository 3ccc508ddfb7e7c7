namespace Functional.Core

/// When to end a training whose watched number no longer gets better (Prechelt 1998; the rule of the Keras callback of this name).
type EarlyStopping =
    {
        Monitor: Monitor
        /// Epochs in a row without anything better after which training ends: 0 or more.
        Patience: int
        /// What the number must be better than for patience to begin anew.
        Baseline: float option
        /// Epochs at the beginning that are not looked at: 0 or more.
        StartFromEpoch: int
    }

/// What early stopping remembers between epochs.
type EarlyStoppingState =
    {
        Best: float option
        /// The epoch of the best, from 1; 0 before there is one.
        BestEpoch: int
        /// Epochs since then, or since the baseline was last beaten.
        Wait: int
    }

/// What is to be done after an epoch.
type EarlyStoppingDecision =
    {
        /// The parameters are the best so far.
        IsBest: bool
        Stop: bool
    }

[<RequireQualifiedAccess>]
module EarlyStopping =
    /// The least val_loss, without patience.
    let defaults =
        {
            Monitor = Monitor.defaults
            Patience = 0
            Baseline = None
            StartFromEpoch = 0
        }

    let start = { Best = None; BestEpoch = 0; Wait = 0 }

    /// The state and the decision after epoch number `epoch`, counted from 1, whose watched number was `value`. The first epoch that is
    /// looked at is the best until there is a better one, and never the last.
    let step (options: EarlyStopping) (state: EarlyStoppingState) (epoch: int) (value: float) =
        if epoch <= options.StartFromEpoch then
            state, { IsBest = false; Stop = false }
        else
            let wait = state.Wait + 1

            if Monitor.isBetter options.Monitor state.Best value then
                let beatsBaseline =
                    options.Baseline
                    |> Option.forall (fun baseline -> Monitor.isBetter options.Monitor (Some baseline) value)

                {
                    Best = Some value
                    BestEpoch = epoch
                    Wait = if beatsBaseline then 0 else wait
                },
                { IsBest = true; Stop = false }
            else
                { state with Wait = wait },
                {
                    IsBest = false
                    Stop = wait >= options.Patience && epoch > 1
                }
