namespace Functional.Core.Engines

open System
open System.Collections.Generic
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

    /// The elements of nodes without a value, in new memory.
    let private compute (pending: Node[]) : Storage[] =
        pending |> Array.iter askable
        let program, inputs = Program.capture [||] pending
        let executable = cache.Find program Engines.defaultEngine.Value.Prepare
        let outputs = pending |> Array.map (fun node -> Storage(node.DType, node.Count))
        executable.Run(inputs, outputs)
        outputs

    /// Gives every node its value.
    let nodes (roots: Node seq) =
        let pending = roots |> Seq.filter isComputed |> Seq.distinct |> Seq.toArray

        if pending.Length > 0 then
            let pending = Array.append pending (loops pending)
            Array.iter2 (fun (node: Node) output -> node.Learn output) pending (compute pending)

    /// The elements of a node.
    let value (node: Node) : Storage =
        if isNull node.Value then
            nodes [ node ]

        match node.Value with
        | null -> Errors.state "evaluate" "a node without a value" "a value" ""
        | value ->
            node.Forget()
            value

    /// The elements of nodes, each in memory that nothing else uses. What is not known yet is computed there and is not known afterwards, so
    /// that a state which is to be overwritten takes its memory once.
    let fresh (roots: Node[]) : Storage[] =
        let isPending (node: Node) =
            match node.Op with
            | Fill _ -> false
            | _ -> isNull node.Value

        let pending = roots |> Array.filter isPending |> Array.distinct
        let computed = if pending.Length = 0 then [||] else compute pending
        let used = HashSet<int>()

        roots
        |> Array.map (fun node ->
            match Array.IndexOf(pending, node), node.Op with
            | -1, Fill(number, dtype, _) -> Storage.filled dtype node.Count number.Value
            | -1, _ -> Storage.copy (value node)
            | place, _ when used.Add place -> computed[place]
            | place, _ -> Storage.copy computed[place])
