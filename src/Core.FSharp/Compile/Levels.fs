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

    /// The node that computes an input element by element, or else the one whose memory is read.
    let private source (layout: Layout) (node: Node) (input: Node) : Node =
        layout.Elementwise node input
        |> ValueOption.defaultWith (fun () -> layout.Base input)

    /// The nodes that read each value, by the node that computes it or whose memory holds it.
    let private readersOf (layout: Layout) =
        let readers = Dictionary<Node, List<Node>>(HashIdentity.Reference)

        for node in layout.Order do
            if not (layout.IsView node) then
                for input in node.Inputs do
                    let source = source layout node input

                    if not (readers.ContainsKey source) then
                        readers[source] <- List()

                    readers[source].Add node

        readers

    /// Work that was moved goes back when it would be more to read its inputs later than to store its results now: elements written and
    /// read decide. It goes back only where those inputs as long as itself are in registers.
    let private goBack (outputs: Node[]) (layout: Layout) (early: Dictionary<Node, int>) (levels: Dictionary<Node, int>) =
        let readers = readersOf layout
        let returned = HashSet<Node>(outputs |> Seq.map layout.Base, HashIdentity.Reference)

        let moved =
            layout.Order
            |> Seq.filter (fun node -> levels[node] > early[node])
            |> Seq.toArray

        let sets = Sets moved

        for node in moved do
            for input in node.Inputs do
                match layout.Elementwise node input with
                | ValueSome source when levels[source] > early[source] && levels[source] = levels[node] -> sets.Join source node
                | _ -> ()

        for root, members in moved |> Array.groupBy sets.Find do
            let own = HashSet<Node>(members, HashIdentity.Reference)
            let late, first = levels[root], early[root]

            let inputs =
                members
                |> Seq.collect (fun node -> node.Inputs |> Seq.map (source layout node))
                |> Seq.filter (fun input -> not (own.Contains input || Kind.isImmediate input))
                |> Seq.distinct
                |> Seq.toArray

            let inRegisters (input: Node) =
                Kind.isPointwise input && levels[input] = first

            let othersOf (input: Node) =
                readers[input] |> Seq.filter (own.Contains >> not)

            let isStoredAnyway (input: Node) =
                returned.Contains input
                || othersOf input
                   |> Seq.exists (fun reader -> not (Kind.isElementwise reader) || levels[reader] <> levels[input])

            let costLate (input: Node) =
                let isReadAnyway =
                    othersOf input |> Seq.exists (fun reader -> levels[reader] = late)

                (if isReadAnyway then 0 else input.Count)
                + (if isStoredAnyway input then 0 else input.Count)

            let results =
                members
                |> Array.filter (fun node -> returned.Contains node || Seq.exists (own.Contains >> not) readers[node])

            let canGoBack =
                members |> Array.forall (fun node -> early[node] = first)
                && inputs
                   |> Array.forall (fun input ->
                       inRegisters input
                       || (input.Count < root.Count && (Kind.isLeaf input || levels[input] < first)))

            if canGoBack && 2 * (results |> Array.sumBy _.Count) < Array.sumBy costLate inputs then
                for node in members do
                    levels[node] <- first

    /// The level of every node.
    let ofLayout (fuse: bool) (outputs: Node[]) (layout: Layout) : Dictionary<Node, int> =
        let levels = earliest fuse layout

        if fuse then
            let early = Dictionary<Node, int>(levels, HashIdentity.Reference)
            delay layout levels
            goBack outputs layout early levels

        levels
