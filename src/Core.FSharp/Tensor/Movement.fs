namespace Functional.Core

open Functional.Core.Graph

/// Operations that move elements without computing on them.
[<AutoOpen>]
module Movement =
    type Tensor with
        /// The same elements in row-major order under another shape; one size may be −1 and is worked out.
        static member reshape (shape: int seq) (x: Tensor) =
            let shape = Seq.toArray shape
            let known = shape |> Array.filter (fun size -> size <> -1) |> Shape.count

            let shape =
                match shape |> Array.filter (fun size -> size = -1) |> Array.length with
                | 0 -> shape
                | 1 when known > 0 && x.Count % known = 0 -> shape |> Array.map (fun size -> if size = -1 then x.Count / known else size)
                | _ ->
                    Errors.shape "reshape" $"{Errors.show x.Shape} to {Errors.show shape}" "at most one size of −1, that comes out whole" ""

            if shape = x.Node.Shape then
                x
            else
                Tensor.make (Reshape shape) [ x ]

        /// All elements in a row; with `first` axes kept, as in [batch; everything else].
        static member flatten(x: Tensor) = Tensor.reshape [ x.Count ] x

        /// Axis i of the result is axis order[i] of x.
        static member permute (order: int seq) (x: Tensor) =
            let order = order |> Seq.map (Shape.axis "permute" x.Rank) |> Seq.toArray

            if order = Array.init x.Rank id then
                x
            else
                Tensor.make (Permute order) [ x ]

        /// Swaps the last two axes.
        static member transpose(x: Tensor) =
            if x.Rank < 2 then
                Errors.shape "transpose" (Errors.show x.Shape) "rank 2 or more" "reshape it"

            let order = Array.init x.Rank id
            Tensor.permute (Array.concat [ order[.. x.Rank - 3]; [| x.Rank - 1; x.Rank - 2 |] ]) x

        /// A new axis of size 1 before `axis`; −1 puts it last.
        static member unsqueeze axis (x: Tensor) =
            let axis = Shape.axis "unsqueeze" (x.Rank + 1) axis
            Tensor.reshape (Array.insertAt axis 1 x.Node.Shape) x

        /// Drops an axis of size 1.
        static member squeeze axis (x: Tensor) =
            let axis = Shape.axis "squeeze" x.Rank axis

            if x.Node.Shape[axis] <> 1 then
                Errors.shape "squeeze" $"axis {axis} of {Errors.show x.Shape}" "size 1" ""

            Tensor.reshape (Array.removeAt axis x.Node.Shape) x

        /// Along one axis: `length` elements from `start`, `step` apart; a negative step walks backwards.
        static member sliceStep axis start length step (x: Tensor) =
            let axis = Shape.axis "slice" x.Rank axis

            let whole other value =
                Array.init x.Rank (fun i -> if i = axis then value else other i)

            Tensor.make (Slice(whole (fun _ -> 0) start, whole (fun i -> x.Node.Shape[i]) length, whole (fun _ -> 1) step)) [ x ]

        /// Along one axis: `length` elements from `start`.
        static member slice axis start length (x: Tensor) = Tensor.sliceStep axis start length 1 x

        /// The part at `index` of an axis, which goes away.
        static member at axis index (x: Tensor) =
            let axis = Shape.axis "at" x.Rank axis
            x |> Tensor.slice axis index 1 |> Tensor.squeeze axis

        /// Reverses an axis.
        static member flip axis (x: Tensor) =
            let size = x.Node.Shape[Shape.axis "flip" x.Rank axis]
            Tensor.sliceStep axis (max 0 (size - 1)) size -1 x

        /// Zeros before and after along each axis, as pairs.
        static member pad (sizes: (int * int) seq) (x: Tensor) =
            let low, high = sizes |> Seq.toArray |> Array.unzip

            if Array.forall ((=) 0) low && Array.forall ((=) 0) high && low.Length = x.Rank then
                x
            else
                Tensor.make (Pad(low, high)) [ x ]

        /// Joins tensors that agree on every axis but `axis`.
        static member concatenate axis (parts: Tensor seq) =
            match Seq.toList parts with
            | [] -> Errors.shape "concatenate" "no tensors" "one or more" ""
            | [ x ] -> x
            | first :: _ as parts -> Tensor.make (Concat(Shape.axis "concatenate" first.Rank axis)) parts

        /// Joins tensors of one shape along a new axis.
        static member stack axis (parts: Tensor seq) =
            parts |> Seq.map (Tensor.unsqueeze axis) |> Tensor.concatenate axis

        /// Rows of a table [rows; ...] by int32 indices [n] → [n; ...].
        static member gatherRows (indices: Tensor) (table: Tensor) = Tensor.make Gather [ table; indices ]

        /// Values [n; ...] added up in the rows [rows; ...] that int32 indices [n] name.
        static member scatterRows rows (indices: Tensor) (values: Tensor) =
            Tensor.make (Scatter rows) [ values; indices ]

        /// int32 labels [...] → [...; classes] with 1 at the label and 0 elsewhere.
        static member oneHot dtype classes (labels: Tensor) =
            let matches = Tensor.eq (Tensor.unsqueeze -1 labels) (Tensor.arange classes)
            Tensor.cast dtype matches

        /// The n by n identity.
        static member eye dtype n = Tensor.oneHot dtype n (Tensor.arange n)

        /// `count` equally spaced float32 values from `first` to `last`.
        static member linspace (first: float) (last: float) count =
            let step =
                if count > 1 then
                    (last - first) / float (count - 1)
                else
                    0.0

            Tensor.cast Float32 (Tensor.arange count) * step + first
