namespace Functional.Core.Compile

open System.Collections.Generic
open Functional.Core
open Functional.Core.Graph

/// A tensor as it lies in the memory of another: element index i is at Offset + Σ iₐ·Strideₐ of Base's row-major elements.
[<ReferenceEquality>]
type View =
    {
        Base: Node
        Offset: int
        Shape: int[]
        /// 0 along repeated axes, negative along reversed ones.
        Strides: int[]
    }

[<RequireQualifiedAccess>]
module View =
    /// A node in its own memory.
    let whole (node: Node) =
        {
            Base = node
            Offset = 0
            Shape = node.Shape
            Strides = Shape.strides node.Shape
        }

    /// Whether elements follow one another in row-major order.
    let isContiguous (view: View) =
        Shape.count view.Shape = 0
        || Seq.forall2 (fun (size, stride) own -> size = 1 || stride = own) (Seq.zip view.Shape view.Strides) (Shape.strides view.Shape)

    /// Whether it is all of its base, in order.
    let isWhole (view: View) =
        isContiguous view && view.Offset = 0 && Shape.count view.Shape = view.Base.Count

    /// Axes as (size, stride), with those of size 1 dropped and those that follow one another merged.
    let private merged (view: View) =
        let axes =
            Array.zip view.Shape view.Strides |> Array.filter (fun (size, _) -> size <> 1)

        ([], axes)
        ||> Array.fold (fun merged (size, stride) ->
            match merged with
            | (outer, step) :: rest when step = size * stride -> (outer * size, stride) :: rest
            | _ -> (size, stride) :: merged)
        |> List.rev

    /// The view under another shape with as many elements, where strides allow it.
    let private reshape (shape: int[]) (view: View) : View voption =
        let strides = Array.zeroCreate shape.Length

        let axes =
            Stack<struct (int * int)>(merged view |> List.map (fun (size, step) -> struct (size, step)))

        let mutable fits = true
        // The stride that the next axis of the new shape has inside the current axis of the old one, and the part of that axis left.
        let mutable left = 1
        let mutable stride = 1

        if Shape.count shape = 0 then
            ValueSome
                { view with
                    Shape = shape
                    Strides = Shape.strides shape
                }
        else
            for axis in shape.Length - 1 .. -1 .. 0 do
                if shape[axis] <> 1 && fits then
                    if left = 1 && axes.Count > 0 then
                        let struct (size, step) = axes.Pop()
                        left <- size
                        stride <- step


                    if left % shape[axis] = 0 then
                        strides[axis] <- stride
                        stride <- stride * shape[axis]
                        left <- left / shape[axis]
                    else
                        fits <- false

            if fits then
                ValueSome
                    { view with
                        Shape = shape
                        Strides = strides
                    }
            else
                ValueNone

    /// A movement operation applied to a view; none when it is not a movement or needs its own memory.
    let apply (node: Node) (view: View) : View voption =
        match node.Op with
        | Reshape shape -> reshape shape view
        | Permute order ->
            ValueSome
                { view with
                    Shape = node.Shape
                    Strides = order |> Array.map (fun axis -> view.Strides[axis])
                }
        | Broadcast shape ->
            let lacking = shape.Length - view.Shape.Length

            let stride axis =
                if axis < lacking || view.Shape[axis - lacking] = 1 then
                    0
                else
                    view.Strides[axis - lacking]

            ValueSome
                { view with
                    Shape = shape
                    Strides = Array.init shape.Length stride
                }
        | Slice(start, length, step) ->
            ValueSome
                { view with
                    Offset =
                        view.Offset
                        + Array.fold2 (fun offset i stride -> offset + i * stride) 0 start view.Strides
                    Shape = length
                    Strides = Array.map2 (*) step view.Strides
                }
        | Input _
        | Data
        | Fill _
        | Iota _
        | Unary _
        | Binary _
        | Select
        | Cast _
        | StopGradient
        | Variable
        | Pad _
        | Concat _
        | Gather
        | Scatter _
        | Reduce _
        | ArgMax _
        | MatMul _
        | Conv _
        | ConvInput _
        | ConvWeight _
        | MaxPick _
        | MaxScatter _
        | Random _
        | Fold _
        | Loop _
        | Part _ -> ValueNone

    /// Whether the last two axes are a matrix that a product can read in place: the elements between rows, and whether it lies transposed.
    let asMatrix (view: View) : struct (int * bool) voption =
        let rank = view.Shape.Length
        let rows, columns = view.Shape[rank - 2], view.Shape[rank - 1]
        let down, across = view.Strides[rank - 2], view.Strides[rank - 1]

        if (across = 1 || columns <= 1) && (down >= columns || rows <= 1) then
            ValueSome(struct ((if rows <= 1 then max 1 columns else down), false))
        elif (down = 1 || rows <= 1) && (across >= rows || columns <= 1) then
            ValueSome(struct ((if columns <= 1 then max 1 rows else across), true))
        else
            ValueNone

    /// The elements between the matrices of a stack, when it is the same all along.
    let stackStride (view: View) : int voption =
        let rank = view.Shape.Length

        let stack =
            { view with
                Shape = view.Shape[.. rank - 3]
                Strides = view.Strides[.. rank - 3]
            }

        match merged stack with
        | [] -> ValueSome 0
        | [ (_, stride) ] when stride >= 0 -> ValueSome stride
        | _ -> ValueNone
