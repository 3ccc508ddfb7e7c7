namespace Functional.Core

open System

/// How the learning rate changes with the number of steps taken, as a factor on the rate of the optimizer.
type RateSchedule =
    /// 1 throughout.
    | Constant
    /// From 0 to 1 over the first steps, then 1.
    | Warmup of steps: int
    /// factor^(⌊step/every⌋).
    | StepDecay of every: int * factor: float
    /// factor^(step/every).
    | ExponentialDecay of every: int * factor: float
    /// Half a cosine from 1 down to `floor` at `steps`, then `floor`.
    | Cosine of steps: int * floor: float

[<RequireQualifiedAccess>]
module RateSchedule =
    /// The factor at a step, counted from 0: a float64 scalar from an int32 scalar.
    let factor (schedule: RateSchedule) (step: Tensor) : Tensor =
        let step = Tensor.cast Float64 step
        let one = Tensor.onesLike step
        let power (factor: float) (exponent: Tensor) = Tensor.exp (log factor * exponent)

        match schedule with
        | Constant -> one
        | Warmup steps -> Tensor.minimum one ((step + 1.0) / float steps)
        | StepDecay(every, factor) -> power factor (Tensor.floor (step / float every))
        | ExponentialDecay(every, factor) -> power factor (step / float every)
        | Cosine(steps, floor) ->
            let along = Tensor.minimum one (step / float steps)
            floor + (1.0 - floor) * 0.5 * (1.0 + Tensor.cos (Math.PI * along))
