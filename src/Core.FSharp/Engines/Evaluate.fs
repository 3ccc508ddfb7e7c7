namespace Functional.Core.Engines

open Functional.Core
open Functional.Core.Graph
open Functional.Core.Compile

/// Evaluation on demand, outside `compile`: the graph behind some nodes becomes a program, is run on the default engine and forgotten.
[<RequireQualifiedAccess>]
module Evaluate =
    let private cache = Cache<Executable>(512)

    /// How many programs evaluation on demand has prepared so far.
    let prepared () = cache.Misses

    let private askable (node: Node) =
        if node.IsSymbolic then
            Errors.state
                "reading a tensor's numbers"
                $"a {Infer.name node.Op} that depends on an input of the function being compiled"
                "a tensor that has a value"
                "return it from the function, or choose with Tensor.where instead of if"

    /// A constant needs no program: numbers that change all the time would each have one made.
    let private isComputed (node: Node) =
        match node.Op with
        | Fill(value, dtype, _) when isNull node.Value -> node.Learn(Storage.filled dtype node.Count value.Value)
        | _ -> ()

        isNull node.Value

    /// The loops on the way to nodes. They are given their values too, so that the parts of a state do not each run the loop.
    let private loops (roots: Node[]) =
        Walk.topological (fun node -> isNull node.Value) roots
        |> Seq.filter (fun node ->
            match node.Op with
            | Loop _ -> isNull node.Value
            | _ -> false)
        |> Seq.toArray

    /// Gives every node its value.
    let nodes (roots: Node seq) =
        let pending = roots |> Seq.filter isComputed |> Seq.distinct |> Seq.toArray

        pending |> Array.iter askable

        if pending.Length > 0 then
            let pending = Array.append pending (loops pending)
            let program, inputs = Program.capture [||] pending
            let executable = cache.Find program Engines.defaultEngine.Value.Prepare
            let outputs = pending |> Array.map (fun node -> Storage(node.DType, node.Count))
            executable.Run(inputs, outputs)
            Array.iter2 (fun (node: Node) output -> node.Learn output) pending outputs

    /// The elements of a node.
    let value (node: Node) : Storage =
        if isNull node.Value then
            nodes [ node ]

        match node.Value with
        | null -> Errors.state "evaluate" "a node without a value" "a value" ""
        | value ->
            node.Forget()
            value
