namespace Functional.Core.Autodiff

open Functional.Core
open Functional.Core.Graph

/// Forward mode: the tangent of an operation's result from those of its inputs.
[<RequireQualifiedAccess>]
module internal Jvp =
    let private add (a: Tensor option) (b: Tensor option) =
        match a, b with
        | Some a, Some b -> Some(a + b)
        | Some t, None
        | None, Some t -> Some t
        | None, None -> None

    /// The tangent of the result of `node`; t holds the tangents of its inputs, None where they are 0.
    let rule (node: Node) (t: Tensor option[]) : Tensor option =
        let x = node.Inputs |> Array.map Tensor
        let y = Tensor node

        let orZero i =
            t[i] |> Option.defaultWith (fun () -> Tensor.zerosLike x[i])

        /// An operation that is linear in its first input.
        let linear () =
            t[0]
            |> Option.map (fun t -> Tensor.make node.Op (t :: List.tail (List.ofArray x)))

        /// An operation that is linear in each of its two inputs.
        let bilinear () =
            add
                (t[0] |> Option.map (fun t -> Tensor.make node.Op [ t; x[1] ]))
                (t[1] |> Option.map (fun t -> Tensor.make node.Op [ x[0]; t ]))

        match node.Op with
        | Input _
        | Data
        | Fill _
        | Iota _
        | ArgMax _
        | StopGradient
        | Random _
        | Fold _ -> None
        | Loop _ ->
            // Its words have no tangent; that there is one says that the state depends on the variables.
            if Array.exists Option.isSome t then Some y else None
        | Part(_, dtype, _) ->
            if t[0].IsSome && DType.isFloat dtype then
                Vjp.throughLoop ()

            None
        | Variable -> t[0]
        | Unary f -> t[0] |> Option.bind (Diagonal.unary f x[0] y)
        | Binary f ->
            let left, right = Diagonal.binary f x[0] x[1] y
            add (Option.map2 (fun carry t -> carry t) left t[0]) (Option.map2 (fun carry t -> carry t) right t[1])
        | Select ->
            if t[1].IsNone && t[2].IsNone then
                None
            else
                Some(Tensor.where x[0] (orZero 1) (orZero 2))
        | Cast dtype ->
            if DType.isFloat dtype && DType.isFloat x[0].DType then
                t[0] |> Option.map (Tensor.cast dtype)
            else
                None
        | Reshape _
        | Permute _
        | Broadcast _
        | Slice _
        | Pad _
        | Gather
        | Scatter _
        | Reduce(Sum, _) -> linear ()
        | Concat _ -> Some(Tensor.make node.Op [ for i in 0 .. x.Length - 1 -> orZero i ])
        | Reduce(Max, axes) ->
            t[0]
            |> Option.map (fun t -> Tensor.sumOver axes (t * Diagonal.maximumShare axes x[0] y))
        | MatMul _
        | Conv _
        | ConvInput _
        | ConvWeight _ -> bilinear ()
        | MaxPick _
        | MaxScatter _ -> t[1] |> Option.map (fun t -> Tensor.make node.Op [ x[0]; t ])
