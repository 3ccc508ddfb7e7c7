namespace Functional.Core

/// A price on large weights, added to the loss: Σ l1·|w| + l2·w². Both 0 is none, one of them L1 or L2, both elastic net.
type Regularizer = { L1: float; L2: float }

[<RequireQualifiedAccess>]
module Regularizer =
    let none = { L1 = 0.0; L2 = 0.0 }

    /// l1·Σ|w|.
    let l1 strength = { none with L1 = strength }

    /// l2·Σw².
    let l2 strength = { none with L2 = strength }

    /// Whether a tensor is weights rather than biases: it has two axes or more.
    let private isWeights (leaf: Leaf) = leaf.IsTrained && leaf.Tensor.Rank >= 2

    /// The price of all weights in a tree, as a scalar; none when there is no price. Biases are free.
    let cost (regularizer: Regularizer) (parameters: 'P) : Tensor option =
        let price (w: Tensor) =
            [
                if regularizer.L1 <> 0.0 then
                    regularizer.L1 * Tensor.sum (Tensor.abs w)
                if regularizer.L2 <> 0.0 then
                    regularizer.L2 * Tensor.sum (Tensor.square w)
            ]

        match
            Tree.leaves parameters
            |> Array.filter isWeights
            |> Seq.collect (fun leaf -> price leaf.Tensor)
            |> Seq.toList
        with
        | [] -> None
        | prices -> Some(List.reduce (+) prices)
