namespace Functional.Core.Compile

open System.Collections.Generic
open Functional.Core
open Functional.Core.Graph

/// What runs as one kernel: an operation with its own kernel, pointwise work, or both: pointwise work behind a product, or in front of a
/// reduction.
[<ReferenceEquality>]
type Step =
    {
        /// A matrix product or convolution whose result the pointwise work reads while it is in cache; or, without pointwise work, any operation that has a kernel.
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

/// A program cut into steps. Every value that a step reads is an input of the program or written by another step.
type Steps =
    {
        Steps: Step[]
        /// Where each node's value is found, as a view of memory that is written.
        View: Node -> View
        /// The pointwise node that computes a node's elements in their order, if any: the node itself or the one it reshapes.
        Computed: Node -> Node voption
    }

[<RequireQualifiedAccess>]
module Fuse =
    let isPointwise (node: Node) =
        match node.Op with
        | Unary _
        | Binary _
        | Select
        | Cast _
        | Random _ -> true
        | Input _
        | Data
        | Fill _
        | Iota _
        | StopGradient
        | Variable
        | Reshape _
        | Permute _
        | Broadcast _
        | Slice _
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
        | Fold _ -> false

    /// Whether element i of a node needs no more than element i of each input. A draw reads its key as a whole.
    let isElementwise (node: Node) =
        match node.Op with
        | Random _ -> false
        | _ -> isPointwise node

    /// How an operation with its own kernel reads its inputs.
    type private Reading =
        /// Any strides: it is a copy, or reads element by element.
        | Strided
        /// Matrices with one stride between rows and one between matrices.
        | Matrices
        | Contiguous

    let private reading (node: Node) =
        match node.Op with
        | Unary _
        | Binary _
        | Select
        | Cast _
        | Reshape _
        | Permute _
        | Broadcast _
        | Slice _ -> Strided
        | MatMul _ -> Matrices
        | Input _
        | Data
        | Fill _
        | Iota _
        | StopGradient
        | Variable
        | Pad _
        | Concat _
        | Gather
        | Scatter _
        | Reduce _
        | ArgMax _
        | Conv _
        | ConvInput _
        | ConvWeight _
        | MaxPick _
        | MaxScatter _
        | Random _
        | Fold _ -> Contiguous

    let private canRead reading (view: View) =
        match reading with
        | Strided -> true
        | Contiguous -> View.isContiguous view
        | Matrices -> (View.asMatrix view).IsSome && (View.stackStride view).IsSome

    let private isFill (node: Node) =
        match node.Op with
        | Fill _ -> true
        | _ -> false

    let private isInput (node: Node) =
        match node.Op with
        | Input _ -> true
        | _ -> false

    let private isReshape (node: Node) =
        match node.Op with
        | Reshape _ -> true
        | _ -> false

    let private hasEpilogue (node: Node) =
        match node.Op with
        | MatMul _
        | Conv _ -> true
        | _ -> false

    /// Whether a reduction runs over the last axes, so that each of its sums is over adjacent elements.
    let private isTrailing (axes: int[]) (shape: int[]) =
        let kept = [| 0 .. shape.Length - 1 |] |> Array.filter (fun axis -> not (Array.contains axis axes) && shape[axis] <> 1)
        let reduced = axes |> Array.filter (fun axis -> shape[axis] <> 1)
        kept.Length = 0 || reduced.Length = 0 || Array.max kept < Array.min reduced

    /// Where values lie, before steps are formed: a view for every node, with the movements that must be copied to be read.
    let private layout (order: List<Node>) (outputs: Node[]) =
        let views = Dictionary<Node, View>(HashIdentity.Reference)
        let copied = HashSet<Node>(HashIdentity.Reference)

        for node in order do
            for input in node.Inputs do
                // A constant is an immediate of pointwise work and needs memory only for others.
                if not (canRead (reading node) views[input]) && copied.Add input then
                    views[input] <- View.whole input

            views[node] <-
                match (if node.Inputs.Length > 0 then View.apply node views[node.Inputs[0]] else ValueNone) with
                | ValueSome view -> view
                | ValueNone -> View.whole node

        views

    /// Cuts a simplified program into steps; with `fuse` off, every pointwise node is a step of its own.
    let run (fuse: bool) (program: Program) : Steps =
        let order = Walk.topological (fun _ -> true) program.Outputs
        let views = layout order program.Outputs
        let view node = views[node]

        // A reshaped pointwise value is the same row of elements: pointwise work reads through it.
        let rec computed (node: Node) =
            if isPointwise node then ValueSome node
            elif isReshape node && View.isWhole views[node] then computed node.Inputs[0]
            else ValueNone

        // What a pointwise node reads element by element.
        let elementwise (node: Node) (input: Node) =
            if isElementwise node then computed input else ValueNone

        // Levels: the longest chain of values that must be in memory before. Work on one level can share a pass over memory.
        let levels = Dictionary<Node, int>(HashIdentity.Reference)

        let levelAfter (input: Node) =
            let source = views[input].Base
            if isInput source || isFill source then 0 else levels[source] + 1

        let inputLevel (node: Node) (input: Node) =
            match elementwise node input with
            | ValueSome source when fuse -> levels[source]
            | _ -> levelAfter input

        for node in order do
            levels[node] <- node.Inputs |> Array.fold (fun level input -> max level (inputLevel node input)) 0

        // A draw waits for the first pass that uses it.
        let users = Dictionary<Node, int>(HashIdentity.Reference)

        for node in order do
            for input in node.Inputs do
                match computed input with
                | ValueSome source ->
                    let latest = if (elementwise node input).IsSome then levels[node] else levels[node] - 1

                    users[source] <-
                        match users.TryGetValue source with
                        | true, level -> min level latest
                        | _ -> latest
                | ValueNone -> ()

        for node in order do
            match node.Op, users.TryGetValue node with
            | Random _, (true, level) -> levels[node] <- max levels[node] level
            | _ -> ()

        // Groups of pointwise nodes: connected on one level, or reading one array on one level.
        let parent = Dictionary<Node, Node>(HashIdentity.Reference)

        let rec find (node: Node) =
            if obj.ReferenceEquals(parent[node], node) then
                node
            else
                let root = find parent[node]
                parent[node] <- root
                root

        let union a b =
            let a, b = find a, find b
            if a.Id < b.Id then parent[b] <- a else parent[a] <- b

        let firstReader = Dictionary<struct (Node * int), Node>(HashIdentity.Structural)
        let members = order |> Seq.filter isPointwise |> Seq.toArray
        members |> Array.iter (fun node -> parent[node] <- node)

        if fuse then
            for node in members do
                for input in node.Inputs do
                    match elementwise node input with
                    | ValueSome source when levels[source] = levels[node] -> union source node
                    | ValueSome _ -> ()
                    | ValueNone ->
                        let source = views[input].Base

                        if not (isFill source) && source.Count = node.Count && View.isWhole views[input] && node.Count > 1 then
                            match firstReader.TryGetValue(struct (source, levels[node])) with
                            | true, reader -> union reader node
                            | _ -> firstReader[struct (source, levels[node])] <- node

        let groups = members |> Array.groupBy find

        // Which step a node belongs to: its group's first node, or itself.
        let owner = Dictionary<Node, Node>(HashIdentity.Reference)

        for root, group in groups do
            for node in group do
                owner[node] <- root

        // A group ends in at most one reduction of one of its values.
        let sinks = Dictionary<Node, Node>(HashIdentity.Reference)

        if fuse then
            for node in order do
                match node.Op with
                | Reduce(_, axes) ->
                    match computed node.Inputs[0] with
                    | ValueSome source when
                        isTrailing axes node.Inputs[0].Shape
                        && source.Count > 0
                        && not (sinks.ContainsKey owner[source])
                        ->
                        sinks[owner[source]] <- node
                    | _ -> ()
                | _ -> ()

        let sunk = HashSet<Node>(sinks.Values, HashIdentity.Reference)

        // A group runs behind the last of the products it reads, on the level before its own.
        let heads = Dictionary<Node, Node>(HashIdentity.Reference)
        let taken = HashSet<Node>(HashIdentity.Reference)

        if fuse then
            for root, group in groups do
                if not (sinks.ContainsKey root) then
                    let isHead (source: Node) = hasEpilogue source && levels[source] = levels[root] - 1

                    let candidates =
                        [ for node in group do
                              for input in node.Inputs do
                                  let view = views[input]

                                  if isHead view.Base && (computed input).IsNone then
                                      view ]

                    match candidates with
                    | [] -> ()
                    | _ ->
                        let last = candidates |> List.maxBy _.Base.Id

                        let readInOrder =
                            candidates
                            |> List.forall (fun view -> not (obj.ReferenceEquals(view.Base, last.Base)) || View.isWhole view)

                        if readInOrder && last.Base.Count = root.Count && taken.Add last.Base then
                            heads[root] <- last.Base

        // What must be in memory: what is read by another step, and what the program returns.
        let stored = HashSet<Node>(HashIdentity.Reference)

        for node in order do
            for input in node.Inputs do
                let source = views[input].Base

                let isInside =
                    match elementwise node input, computed input with
                    | ValueSome inner, _ -> obj.ReferenceEquals(owner[inner], owner[node])
                    | ValueNone, ValueSome inner -> sunk.Contains node && obj.ReferenceEquals(sinks[owner[inner]], node)
                    | ValueNone, ValueNone -> isPointwise node && isFill source

                // A movement that is a view reads nothing itself.
                let isView = not (obj.ReferenceEquals(views[node].Base, node))

                if not isInside && not isView then
                    stored.Add source |> ignore

        for output in program.Outputs do
            stored.Add views[output].Base |> ignore

        let readsOf (nodes: Node seq) =
            nodes
            |> Seq.collect _.Inputs
            |> Seq.map (fun input -> views[input].Base)
            |> Seq.distinct
            |> Seq.toArray

        let groupStep (root: Node, group: Node[]) =
            let head = match heads.TryGetValue root with | true, head -> Some head | _ -> None
            let sink = match sinks.TryGetValue root with | true, sink -> Some sink | _ -> None
            let own = HashSet<Node>(group, HashIdentity.Reference)
            head |> Option.iter (own.Add >> ignore)
            let reads = readsOf (Seq.append group (Option.toList head))

            {
                Head = head
                Pointwise = group
                Sink = sink
                Writes =
                    [| yield! Option.toList head
                       yield! group |> Seq.filter stored.Contains
                       yield! Option.toList sink |]
                Reads = reads |> Array.filter (fun source -> not (own.Contains source) && (stored.Contains source || isInput source))
            }

        let singleStep (node: Node) =
            {
                Head = Some node
                Pointwise = [||]
                Sink = None
                Writes = [| node |]
                Reads = readsOf [ node ]
            }

        let single =
            order
            |> Seq.filter (fun node ->
                stored.Contains node
                && not (isInput node || isPointwise node || sunk.Contains node || taken.Contains node))
            |> Seq.map singleStep

        {
            Steps = Seq.append (groups |> Seq.map groupStep) single |> Seq.toArray
            View = view
            Computed = computed
        }
