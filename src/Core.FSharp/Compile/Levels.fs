namespace Functional.Core.Compile

open System.Collections.Generic
open Functional.Core.Graph

/// When each value is computed, as a level: the longest chain of values that must be in memory before it. Pointwise work on one level
/// shares passes over memory, and steps made of one level can not wait for each other in a circle.
[<RequireQualifiedAccess>]
module Levels =
    /// As early as the inputs allow. `fuse` lets pointwise work take its inputs from registers.
    let private earliest fuse (layout: Layout) =
        let levels = Dictionary<Node, int>(HashIdentity.Reference)

        let afterMemory (input: Node) =
            let source = layout.Base input

            if Kind.isLeaf source || Kind.isImmediate source then
                0
            else
                levels[source] + 1

        let after (node: Node) (input: Node) =
            match layout.Elementwise node input with
            | ValueSome source when fuse -> levels[source]
            | _ -> afterMemory input

        for node in layout.Order do
            levels[node] <- node.Inputs |> Array.fold (fun level input -> max level (after node input)) 0

        levels

    /// Pointwise work waits for the first pass that uses it, so that it is done in that pass and need not be stored before.
    let private delay (layout: Layout) (levels: Dictionary<Node, int>) =
        let deadlines = Dictionary<Node, int>(HashIdentity.Reference)

        let neededBy (node: Node) level =
            deadlines[node] <-
                match deadlines.TryGetValue node with
                | true, other -> min other level
                | _ -> level

        for i in layout.Order.Count - 1 .. -1 .. 0 do
            let node = layout.Order[i]

            match deadlines.TryGetValue node with
            | true, deadline when Kind.isPointwise node -> levels[node] <- max levels[node] deadline
            | true, deadline when layout.IsView node -> neededBy node.Inputs[0] deadline
            | _ -> ()

            if not (layout.IsView node) then
                for input in node.Inputs do
                    match layout.Elementwise node input with
                    | ValueSome source -> neededBy source levels[node]
                    | ValueNone -> neededBy input (levels[node] - 1)

    /// The level of every node.
    let ofLayout (fuse: bool) (layout: Layout) : Dictionary<Node, int> =
        let levels = earliest fuse layout

        if fuse then
            delay layout levels

        levels
