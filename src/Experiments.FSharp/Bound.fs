namespace Functional.Experiments

/// What a measured number must be for its experiment to count as reproduced.
type Bound =
    | AtMost of float
    | AtLeast of float
    /// No farther from the target than the tolerance. An infinite target is met by the same infinity.
    | Within of target: float * tolerance: float

[<RequireQualifiedAccess>]
module Bound =
    /// Whether `value` keeps the bound; what is not a number keeps none.
    let holds (bound: Bound) (value: float) =
        match bound with
        | AtMost most -> value <= most
        | AtLeast least -> value >= least
        | Within(target, tolerance) -> value = target || abs (value - target) <= tolerance

    /// The bound in words, its numbers shown by `show`: ≤ 0.0107.
    let words (show: float -> string) (bound: Bound) =
        match bound with
        | AtMost most -> $"≤ {show most}"
        | AtLeast least -> $"≥ {show least}"
        | Within(target, 0.0) -> $"= {show target}"
        | Within(target, tolerance) -> $"{show target} ± {tolerance:G3}"
