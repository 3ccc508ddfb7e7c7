namespace Functional.Core

open Functional.Core.Graph

/// Draws. Each takes its key first and uses it once; element i depends on the key and on i alone.
[<RequireQualifiedAccess>]
module Sample =
    let private draw kind (key: Key) dtype (shape: int seq) =
        Tensor.make (Random(kind, dtype, Seq.toArray shape)) [ key.Words ]

    /// 32 random bits in each int32.
    let bits key shape = draw Bits key Int32 shape

    /// Uniform in [0, 1).
    let uniform key dtype shape = draw Uniform key dtype shape

    /// Uniform in [low, high).
    let uniformBetween key dtype shape (low: float) (high: float) =
        uniform key dtype shape * (high - low) + low

    /// Standard normal.
    let normal key dtype shape = draw Normal key dtype shape

    /// 1 with probability `p`, else 0, in the shape and type of `p`.
    let bernoulli key (p: Tensor) =
        Tensor.lt (uniform key p.DType p.Shape) p

    /// int32 labels from logits [...; classes] → [...], by the largest of logits plus Gumbel noise −log(−log u).
    let categorical key (logits: Tensor) =
        // log u must stay finite. Adding a number instead would round the largest u up to 1 and give infinite noise.
        let u =
            Tensor.withScalar Maximum (uniform key logits.DType logits.Shape) 2.98023223876953125e-8

        Tensor.argmax -1 (logits - Tensor.log -(Tensor.log u))

    /// 0..n−1 in random order; reads the key.
    let permutation key n =
        Tensor.ofInt32s [ n ] (Threefry.permutation (Key.words key) n)
