namespace Functional.Core

/// A factor on the rate for each single number, which grows while its gradient keeps its sign and shrinks when it turns (Jacobs 1988;
/// Hinton's lectures on neural networks, 6d; the lecture's experiment on letters).
type LocalGains =
    {
        /// The least gain: more than 0, at most 1.
        Low: float
        /// The greatest gain: 1 or more.
        High: float
        /// Added when two gradients in a row have the same sign: 0 or more.
        Bonus: float
        /// Multiplied with when they have opposite signs: more than 0, at most 1.
        Penalty: float
    }

[<RequireQualifiedAccess>]
module LocalGains =
    /// Those of the lecture's first network on letters.
    let defaults =
        {
            Low = 0.1
            High = 10.0
            Bonus = 0.05
            Penalty = 0.95
        }

    /// Refuses a number out of its range.
    let internal check (options: LocalGains) =
        let isRight =
            0.0 < options.Low
            && options.Low <= 1.0
            && 1.0 <= options.High
            && 0.0 <= options.Bonus
            && 0.0 < options.Penalty
            && options.Penalty <= 1.0

        if not isRight then
            Errors.option
                "local-gains"
                $"limits {options.Low} and {options.High}, bonus {options.Bonus}, penalty {options.Penalty}"
                "0 < low ≤ 1 ≤ high, 0 ≤ bonus, 0 < penalty ≤ 1"
                ""

    /// The gains after a step, from those before it, the last gradient and this one. A gradient of 0 agrees with none and opposes none, so
    /// the first step and unused inputs leave the gains alone, as Jacobs has it; Hinton's slide shrinks them there.
    let next (options: LocalGains) (gains: Tensor) (last: Tensor) (gradient: Tensor) : Tensor =
        let agreement = Tensor.sign last * Tensor.sign gradient
        let zero = Tensor.zerosLike gains
        let shrunk = Tensor.where (Tensor.lt agreement zero) (gains * options.Penalty) gains

        Tensor.where (Tensor.gt agreement zero) (gains + options.Bonus) shrunk
        |> Tensor.clamp options.Low options.High
