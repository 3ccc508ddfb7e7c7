namespace Functional.Core

/// Dropout (Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov 2014), scaled in training so that use needs no scaling.
[<RequireQualifiedAccess>]
module Dropout =
    /// Training: each number becomes 0 with probability `rate` and is divided by 1 − rate otherwise, so that its mean stays. Use: the
    /// identity. Any shape → the same shape.
    let apply (mode: Mode) (rate: float) (x: Tensor) : Tensor =
        match mode with
        | Mode.Train key when rate > 0.0 ->
            let kept = Sample.bernoulli key (Tensor.fullLike x (1.0 - rate))
            x * (kept * (1.0 / (1.0 - rate)))
        | Mode.Train _
        | Mode.Infer -> x
