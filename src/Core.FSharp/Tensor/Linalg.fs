namespace Functional.Core

open Functional.Core.Graph

/// Products of matrices and vectors.
[<AutoOpen>]
module Linalg =
    type Tensor with
        /// [...; m; k] by [...; k; n] → [...; m; n]; leading axes broadcast.
        static member matmul (a: Tensor) (b: Tensor) =
            if a.Rank < 2 || b.Rank < 2 then
                Errors.shape
                    "matmul"
                    $"{Errors.show a.Shape} by {Errors.show b.Shape}"
                    "matrices, or stacks of matrices"
                    "use dot or mv for vectors"

            let stack =
                Shape.broadcast "matmul" a.Node.Shape[.. a.Rank - 3] b.Node.Shape[.. b.Rank - 3]

            let wide (x: Tensor) =
                Tensor.broadcast (Array.append stack x.Node.Shape[x.Rank - 2 ..]) x

            Tensor.make (MatMul(false, false)) [ wide a; wide b ]

        /// [m; k] by [k] → [m].
        static member mv (a: Tensor) (x: Tensor) =
            Tensor.matmul a (Tensor.unsqueeze 1 x) |> Tensor.squeeze 1

        /// [n] by [n] → scalar.
        static member dot (a: Tensor) (b: Tensor) = Tensor.sum (a * b)

        /// [m] by [n] → [m; n].
        static member outer (a: Tensor) (b: Tensor) =
            Tensor.unsqueeze 1 a * Tensor.unsqueeze 0 b
