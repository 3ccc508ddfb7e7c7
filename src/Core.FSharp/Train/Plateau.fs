namespace Functional.Core

/// When to lower the learning rate of a training whose watched number no longer gets better (the rule of the Keras callback
/// ReduceLROnPlateau).
type Plateau =
    {
        Monitor: Monitor
        /// What the rate is multiplied by, more than 0 and less than 1.
        Factor: float
        /// Epochs in a row without anything better after which the rate is lowered: 0 or more.
        Patience: int
        /// Epochs after a lowering in which waiting does not count: 0 or more.
        Cooldown: int
        /// The rate does not fall below this: 0 or more.
        MinRate: float
    }

/// What is remembered between epochs.
type PlateauState =
    {
        Best: float option
        /// Epochs without anything better.
        Wait: int
        /// Epochs of the cooldown that are left.
        Cooldown: int
    }

[<RequireQualifiedAccess>]
module Plateau =
    /// A tenth of the rate after ten epochs in which val_loss did not fall by more than 1e-4.
    let defaults =
        {
            Monitor =
                { Monitor.defaults with
                    MinDelta = 1e-4
                }
            Factor = 0.1
            Patience = 10
            Cooldown = 0
            MinRate = 0.0
        }

    let start: PlateauState = { Best = None; Wait = 0; Cooldown = 0 }

    /// The state and the rate after an epoch whose watched number was `value`.
    let step (options: Plateau) (state: PlateauState) (rate: float) (value: float) : PlateauState * float =
        // A rate that was set to the least one may have been rounded on its way.
        let canFall = rate > options.MinRate * (1.0 + 1e-9)
        let isCooling = state.Cooldown > 0
        let cooldown = if isCooling then state.Cooldown - 1 else 0
        let wait = if isCooling then 0 else state.Wait

        if Monitor.isBetter options.Monitor state.Best value then
            {
                Best = Some value
                Wait = 0
                Cooldown = cooldown
            },
            rate
        elif cooldown > 0 then
            { state with
                Wait = wait
                Cooldown = cooldown
            },
            rate
        elif wait + 1 >= options.Patience && canFall then
            { state with
                Wait = 0
                Cooldown = options.Cooldown
            },
            max options.MinRate (rate * options.Factor)
        else
            { state with
                Wait = wait + 1
                Cooldown = 0
            },
            rate
