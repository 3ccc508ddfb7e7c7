namespace Functional.Core.Tests

open Functional.Core

/// The derivative of a loss in float64 parameters along a random direction: by `grad`, and by a central difference.
[<RequireQualifiedAccess>]
module Slope =
    let check tolerance (loss: 'P -> Tensor) (parameters: 'P) =
        let gradient = Transform.gradient loss parameters

        let direction =
            Tree.map (fun (w: Tensor) -> Sample.normal (Key.ofSeed (int64 w.Count)) Float64 w.Shape) parameters

        let along step =
            (loss (Tree.map2 (fun w d -> w + step * d) parameters direction)).ToScalar()

        let slope =
            Array.map2 (fun g d -> (Tensor.sum (g * d)).ToScalar()) (Tree.tensors gradient) (Tree.tensors direction)
            |> Array.sum

        Close.check "slope" tolerance [| (along 1e-5 - along -1e-5) / 2e-5 |] [| slope |]
