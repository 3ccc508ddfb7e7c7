namespace Functional.Core

open System

/// Negative log-likelihoods and distances: one number a row, in nats where it is a likelihood. They take logits, never probabilities.
[<RequireQualifiedAccess>]
module Loss =
    let private rows (x: Tensor) = [ 1 .. x.Rank - 1 ]

    /// −log p(x) of independent Bernoulli variables with logits l: Σ softplus(l) − x·l; x may be grey levels in [0, 1].
    /// [batch; ...], [batch; ...] → [batch].
    let bernoulli (logits: Tensor) (x: Tensor) : Tensor =
        Tensor.sumOver (rows x) (Tensor.softplus logits - x * logits)

    /// −log p(label) under softmax(logits): [batch; classes], int32 [batch] → [batch].
    let categorical (logits: Tensor) (labels: Tensor) : Tensor =
        let chosen = Tensor.oneHot logits.DType logits.Shape[1] labels
        -(Tensor.sumOver [ 1 ] (chosen * Tensor.logSoftmax 1 logits))

    /// −log p(x) of independent normal variables: ½ Σ (x − mean)²·e^(−logVar) + logVar + log 2π. [batch; ...] → [batch].
    let gaussian (mean: Tensor) (logVar: Tensor) (x: Tensor) : Tensor =
        let squares = Tensor.square (x - mean) * Tensor.exp -logVar
        0.5 * Tensor.sumOver (rows x) (squares + logVar + log (2.0 * Math.PI))

    /// Mean of (x − y)² over a row: [batch; ...], [batch; ...] → [batch].
    let meanSquared (y: Tensor) (x: Tensor) : Tensor =
        Tensor.meanOver (rows x) (Tensor.square (x - y))

    /// The peak signal-to-noise ratio of a row y that should be x, where the greatest value is 1: −10·log₁₀ of the mean of (x − y)², in dB;
    /// infinite where they are equal. [batch; ...], [batch; ...] → [batch].
    let psnr (y: Tensor) (x: Tensor) : Tensor =
        Tensor.log (meanSquared y x) * (-10.0 / Math.Log 10.0)
