namespace Functional.Core

open Functional.Core.Graph

/// Operations that summarise along axes. `xOver axes` drops the axes named (negative ones count from the last); `x` alone takes all.
[<AutoOpen>]
module Reduce =
    let private all (x: Tensor) = Seq.init x.Rank id

    let private reduce f operation (axes: int seq) (x: Tensor) =
        let axes = Shape.axes operation x.Rank axes

        if axes.Length = 0 then
            x
        else
            Tensor.make (Reduce(f, axes)) [ x ]

    let private kept (axes: int seq) (x: Tensor) =
        Shape.keeping (Shape.axes "reduce" x.Rank axes) x.Node.Shape

    /// The maxima by which exponents are shifted, so that none overflows.
    let private shifts (axes: int seq) (x: Tensor) =
        let largest = reduce Max "max" axes x
        // ∞ − ∞ is not a number, so a row whose maximum is infinite is shifted by 0.
        let infinite = Tensor.eq (Tensor.abs largest) (Tensor.fullLike largest infinity)
        Tensor.stopGradient (Tensor.where infinite (Tensor.zerosLike largest) largest)

    type Tensor with
        static member sumOver (axes: int seq) x = reduce Sum "sum" axes x
        static member sum(x: Tensor) = Tensor.sumOver (all x) x

        /// Sums down to `shape`, undoing a broadcast from it.
        static member internal sumTo (shape: int[]) (x: Tensor) =
            if x.Node.Shape = shape then
                x
            else
                Tensor.reshape shape (Tensor.sumOver (Shape.repeated x.Node.Shape shape) x)

        static member meanOver (axes: int seq) (x: Tensor) =
            let total = Tensor.sumOver axes x
            total * (float total.Count / float x.Count)

        static member mean(x: Tensor) = Tensor.meanOver (all x) x
        static member maxOver (axes: int seq) x = reduce Max "max" axes x
        static member max(x: Tensor) = Tensor.maxOver (all x) x
        static member minOver (axes: int seq) (x: Tensor) = -(Tensor.maxOver axes -x)
        static member min(x: Tensor) = Tensor.minOver (all x) x

        /// int32 index of the first maximum along an axis, which goes away.
        static member argmax axis (x: Tensor) =
            Tensor.make (ArgMax(Shape.axis "argmax" x.Rank axis)) [ x ]

        static member argmin axis (x: Tensor) = Tensor.argmax axis -x

        /// Mean squared distance from the mean, divided by n.
        static member varianceOver (axes: int seq) (x: Tensor) =
            let mean = Tensor.meanOver axes x |> Tensor.reshape (kept axes x)
            Tensor.meanOver axes (Tensor.square (x - mean))

        static member variance(x: Tensor) = Tensor.varianceOver (all x) x

        /// log Σ eˣ, without overflow.
        static member logSumExpOver (axes: int seq) (x: Tensor) =
            let shift = shifts axes x

            Tensor.log (Tensor.sumOver axes (Tensor.exp (x - Tensor.reshape (kept axes x) shift)))
            + shift

        static member logSumExp(x: Tensor) = Tensor.logSumExpOver (all x) x

        /// log(eˣ / Σ eˣ) along an axis.
        static member logSoftmax axis (x: Tensor) =
            // Both differences are small where the result is, so that large logits cost no digits.
            let shape = kept [ axis ] x
            let shifted = x - Tensor.reshape shape (shifts [ axis ] x)

            shifted
            - Tensor.reshape shape (Tensor.log (Tensor.sumOver [ axis ] (Tensor.exp shifted)))

        /// eˣ / Σ eˣ along an axis.
        static member softmax axis (x: Tensor) = Tensor.exp (Tensor.logSoftmax axis x)
