namespace Functional.Core.Autodiff

open Functional.Core
open Functional.Core.Graph

/// Reverse mode: what a cotangent of an operation's result becomes on each of its inputs.
[<RequireQualifiedAccess>]
module internal Vjp =
    /// Undoes a slice: zeros where the slice did not look.
    let private unslice (shape: int[]) (start: int[]) (length: int[]) (step: int[]) (g: Tensor) =
        if Array.contains 0 length then
            Tensor.zeros g.DType shape
        else
            let mutable spread = g

            for axis in 0 .. shape.Length - 1 do
                let apart = abs step[axis]

                if step[axis] < 0 then
                    spread <- Tensor.flip axis spread

                if apart > 1 then
                    let sizes =
                        Array.create (shape.Length + 1) (0, 0)
                        |> Array.updateAt (axis + 1) (0, apart - 1)

                    let wide = spread |> Tensor.unsqueeze (axis + 1) |> Tensor.pad sizes
                    let merged = Array.updateAt axis (length[axis] * apart) spread.Node.Shape

                    spread <-
                        wide
                        |> Tensor.reshape merged
                        |> Tensor.slice axis 0 ((length[axis] - 1) * apart + 1)

            let first =
                Array.map3 (fun s n k -> if k < 0 then s + (n - 1) * k else s) start length step

            let margins =
                Array.mapi (fun axis low -> low, shape[axis] - low - spread.Node.Shape[axis]) first

            Tensor.pad margins spread

    let throughLoop () : 'a =
        Errors.state
            "derivative"
            "a loop whose state depends on the variables"
            "no derivative through the turns of a loop"
            "use Tensor.stopGradient on the result of Loop.iterate"

    let private parts axis (inputs: Tensor[]) (g: Tensor) =
        let starts =
            inputs |> Array.scan (fun start input -> start + input.Node.Shape[axis]) 0

        inputs
        |> Array.mapi (fun i input -> Some(Tensor.slice axis starts[i] input.Node.Shape[axis] g))

    /// Whether a product is x·sigmoid x. A sigmoid that was evaluated and has let go of its x is any number.
    let private isGated (inputs: Node[]) =
        match inputs[1].Op, inputs[1].Inputs with
        | Unary Sigmoid, [| x |] -> obj.ReferenceEquals(x, inputs[0])
        | _ -> false

    /// The cotangent of each input of `node` for the cotangent g of its result; None where it is 0. The inputs are given apart, because a
    /// node that was evaluated may have let go of them.
    let rule (node: Node) (inputs: Node[]) (g: Tensor) : Tensor option[] =
        let x = inputs |> Array.map Tensor
        let shape i = inputs[i].Shape
        let make op (inputs: Tensor list) = Some(Tensor.make op inputs)

        match node.Op with
        | Input _
        | Data
        | Fill _
        | Iota _ -> [||]
        | ArgMax _
        | StopGradient
        | Random _ -> [| None |]
        | Fold _ -> [| None; None |]
        // Derivatives end at the parts of a loop's state, whose packed words have none.
        | Loop _ -> Array.create inputs.Length None
        | Part(_, dtype, _) ->
            if DType.isFloat dtype then
                throughLoop ()

            [| None |]
        | Variable -> [| Some g |]
        | Unary f -> [| Diagonal.unary f x[0] (Tensor node) g |]
        | Binary Mul when isGated inputs ->
            // From the result z: s + z·(1 − s) is known before g is, and x need not be kept for it.
            let s, z = x[1], Tensor node
            [| Some(g * (s + z * (1.0 - s))); None |]
        | Binary f ->
            let left, right = Diagonal.binary f x[0] x[1] (Tensor node)

            let applied (side: (Tensor -> Tensor) option) =
                side |> Option.map (fun carry -> carry g)

            [| applied left; applied right |]
        | Select ->
            let zero = Tensor.zerosLike g
            [| None; Some(Tensor.where x[0] g zero); Some(Tensor.where x[0] zero g) |]
        | Cast _ ->
            [|
                if DType.isFloat x[0].DType && DType.isFloat node.DType then
                    Some(Tensor.cast x[0].DType g)
                else
                    None
            |]
        | Reshape _ -> [| Some(Tensor.reshape (shape 0) g) |]
        | Permute order ->
            [|
                Some(Tensor.permute (Array.init order.Length (fun axis -> Array.findIndex ((=) axis) order)) g)
            |]
        | Broadcast _ -> [| Some(Tensor.sumTo (shape 0) g) |]
        | Slice(start, length, step) -> [| Some(unslice (shape 0) start length step g) |]
        | Pad(low, _) -> [| make (Slice(low, shape 0, Array.create low.Length 1)) [ g ] |]
        | Concat axis -> parts axis x g
        | Gather -> [| make (Scatter(Array.head (shape 0))) [ g; x[1] ]; None |]
        | Scatter _ -> [| make Gather [ g; x[1] ]; None |]
        | Reduce(Sum, axes) ->
            [|
                Some(g |> Tensor.reshape (Shape.keeping axes (shape 0)) |> Tensor.broadcast (shape 0))
            |]
        | Reduce(Max, axes) ->
            [|
                Some(
                    Diagonal.maximumShare axes x[0] (Tensor node)
                    * Tensor.reshape (Shape.keeping axes (shape 0)) g
                )
            |]
        | MatMul(ta, tb) ->
            [|
                (if ta then
                     make (MatMul(tb, true)) [ x[1]; g ]
                 else
                     make (MatMul(false, not tb)) [ g; x[1] ])
                (if tb then
                     make (MatMul(true, ta)) [ g; x[0] ]
                 else
                     make (MatMul(not ta, false)) [ x[0]; g ])
            |]
        | Conv spec ->
            [|
                make (ConvInput(spec, (shape 0)[2], (shape 0)[3])) [ x[1]; g ]
                make (ConvWeight(spec, (shape 1)[2], (shape 1)[3])) [ x[0]; g ]
            |]
        | ConvInput(spec, _, _) ->
            [|
                make (ConvWeight(spec, (shape 0)[2], (shape 0)[3])) [ g; x[1] ]
                make (Conv spec) [ g; x[0] ]
            |]
        | ConvWeight(spec, _, _) ->
            [|
                make (ConvInput(spec, (shape 0)[2], (shape 0)[3])) [ g; x[1] ]
                make (Conv spec) [ x[0]; g ]
            |]
        | MaxPick spec -> [| None; make (MaxScatter spec) [ x[0]; g ] |]
        | MaxScatter spec -> [| None; make (MaxPick spec) [ x[0]; g ] |]
