namespace Functional.Core.Compile

open System.Collections.Generic
open Functional.Core.Graph

/// What runs as one kernel: an operation with its own kernel, pointwise work, or both: pointwise work behind a product, or in front of a
/// reduction.
[<ReferenceEquality>]
type Step =
    {
        /// A product whose result the pointwise work reads while it is in cache; or, without pointwise work, any operation that has a kernel.
        Head: Node option
        /// Pointwise nodes, inputs before the nodes that use them.
        Pointwise: Node[]
        /// A reduction of one of the pointwise values, which need not be stored for it.
        Sink: Node option
        /// The nodes whose values it writes to memory.
        Writes: Node[]
        /// The nodes whose memory it reads.
        Reads: Node[]
    }

/// Cuts a program into steps. Every value that a step reads is an input of the program or written by another step.
[<RequireQualifiedAccess>]
module Fuse =
    let private tryFind (table: Dictionary<Node, 'T>) node =
        match table.TryGetValue node with
        | true, found -> Some found
        | _ -> None

    /// Pointwise nodes that run together, under the first of them: connected on one level, or reading one array on one level.
    let private group fuse (layout: Layout) (levels: Dictionary<Node, int>) : (Node * Node[])[] =
        let members = layout.Order |> Seq.filter Kind.isPointwise |> Seq.toArray
        let sets = Sets members
        let firstReader = Dictionary<struct (Node * int), Node>(HashIdentity.Structural)

        let joinReaders (node: Node) (input: Node) =
            let source = layout.Base input

            if
                node.Count > 1
                && source.Count = node.Count
                && not (Kind.isImmediate source)
                && View.isWhole (layout.View input)
            then
                match firstReader.TryGetValue(struct (source, levels[node])) with
                | true, reader -> sets.Join reader node
                | _ -> firstReader[struct (source, levels[node])] <- node

        if fuse then
            for node in members do
                for input in node.Inputs do
                    match layout.Elementwise node input with
                    | ValueSome source when levels[source] = levels[node] -> sets.Join source node
                    | ValueSome _ -> ()
                    | ValueNone -> joinReaders node input

        members |> Array.groupBy sets.Find

    /// Whether a reduction runs over the last axes, so that each of its sums is over adjacent elements.
    let private isTrailing (axes: int[]) (shape: int[]) =
        let isKept axis =
            not (Array.contains axis axes) && shape[axis] <> 1

        let reduced = axes |> Array.filter (fun axis -> shape[axis] <> 1)

        reduced.Length = 0
        || not (Seq.exists isKept (seq { Array.min reduced .. shape.Length - 1 }))

    /// The reduction that each group ends in, if any: the first one over adjacent elements of one of its values.
    let private findSinks (layout: Layout) (owner: Dictionary<Node, Node>) =
        let sinks = Dictionary<Node, Node>(HashIdentity.Reference)

        for node in layout.Order do
            match node.Op with
            | Reduce(_, axes) ->
                match layout.Computed node.Inputs[0] with
                | ValueSome source when source.Count > 0 && isTrailing axes node.Inputs[0].Shape ->
                    sinks.TryAdd(owner[source], node) |> ignore
                | _ -> ()
            | _ -> ()

        sinks

    /// How many arrays as long as the result a group reads from memory.
    let private streams (layout: Layout) (group: Node[]) =
        group
        |> Seq.collect (fun node -> node.Inputs |> Seq.filter (fun input -> (layout.Elementwise node input).IsNone))
        |> Seq.map layout.Base
        |> Seq.filter (fun source -> source.Count = group[0].Count && not (Kind.isImmediate source))
        |> Seq.distinct
        |> Seq.length

    /// The product that each group runs behind, if any: the last of those it reads from the level before its own. That it is the last
    /// keeps two groups that read two products from waiting for each other. A group that streams more than one array beside the product
    /// runs on its own: an optimizer's update behind a weight gradient took twice as long as after it.
    let private findHeads (layout: Layout) (levels: Dictionary<Node, int>) (sinks: Dictionary<Node, Node>) groups =
        let heads = Dictionary<Node, Node>(HashIdentity.Reference)
        let taken = HashSet<Node>(HashIdentity.Reference)

        for root: Node, group: Node[] in groups do
            let isBefore (view: View) =
                Kind.ofNode view.Base = Product && levels[view.Base] = levels[root] - 1

            let products =
                [
                    for node in group do
                        for input in node.Inputs do
                            if (layout.Computed input).IsNone && isBefore (layout.View input) then
                                layout.View input
                ]

            if not products.IsEmpty && not (sinks.ContainsKey root) then
                let last = (products |> List.maxBy _.Base.Id).Base

                let isInOrder (view: View) =
                    not (obj.ReferenceEquals(view.Base, last)) || View.isWhole view

                if
                    last.Count = root.Count
                    && List.forall isInOrder products
                    && streams layout group <= 2
                    && taken.Add last
                then
                    heads[root] <- last

        heads

    /// The steps of a program; with `fuse` off, every pointwise node is a step of its own.
    let run (fuse: bool) (program: Program) (layout: Layout) : Step[] =
        let levels = Levels.ofLayout fuse program.Outputs layout
        let groups = group fuse layout levels
        let owner = Dictionary<Node, Node>(HashIdentity.Reference)

        for root, members in groups do
            members |> Array.iter (fun node -> owner[node] <- root)

        let none () =
            Dictionary<Node, Node>(HashIdentity.Reference)

        let sinks = if fuse then findSinks layout owner else none ()

        let heads =
            if fuse then
                findHeads layout levels sinks groups
            else
                none ()

        let sunk = HashSet<Node>(sinks.Values, HashIdentity.Reference)
        let headed = HashSet<Node>(heads.Values, HashIdentity.Reference)

        /// Whether `node` gets `input` from inside its own step.
        let isInside (node: Node) (input: Node) =
            match layout.Elementwise node input, layout.Computed input with
            | ValueSome source, _ -> obj.ReferenceEquals(owner[source], owner[node])
            | ValueNone, ValueSome source -> sunk.Contains node && obj.ReferenceEquals(sinks[owner[source]], node)
            | ValueNone, ValueNone -> Kind.isPointwise node && Kind.isImmediate (layout.Base input)

        // What must be in memory: what another step reads, and what the program returns.
        let stored =
            HashSet<Node>(program.Outputs |> Seq.map layout.Base, HashIdentity.Reference)

        for node in layout.Order do
            if not (layout.IsView node) then
                for input in node.Inputs do
                    if not (isInside node input) then
                        stored.Add(layout.Base input) |> ignore

        let step head (pointwise: Node[]) sink =
            let work = Array.append (Option.toArray head) pointwise
            let own = HashSet<Node>(work, HashIdentity.Reference)

            {
                Head = head
                Pointwise = pointwise
                Sink = sink
                Writes =
                    Array.concat
                        [
                            Option.toArray head
                            pointwise |> Array.filter stored.Contains
                            Option.toArray sink
                        ]
                Reads =
                    work
                    |> Seq.collect _.Inputs
                    |> Seq.map layout.Base
                    |> Seq.filter (fun source -> stored.Contains source && not (own.Contains source))
                    |> Seq.distinct
                    |> Seq.toArray
            }

        let hasOwnStep (node: Node) =
            stored.Contains node
            && not (
                Kind.isLeaf node
                || Kind.isPointwise node
                || sunk.Contains node
                || headed.Contains node
            )

        Seq.append
            (groups
             |> Seq.map (fun (root, members) -> step (tryFind heads root) members (tryFind sinks root)))
            (layout.Order
             |> Seq.filter hasOwnStep
             |> Seq.map (fun node -> step (Some node) [||] None))
        |> Seq.toArray
