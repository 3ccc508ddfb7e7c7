namespace Functional.Core.Compile

open System.Collections.Generic
open Functional.Core
open Functional.Core.Graph

/// Where a value lies while a program runs.
[<Struct>]
type Place =
    /// In the buffer of an input, by number.
    | InInput of input: int
    /// In the buffer of an output, by number.
    | InOutput of output: int
    /// In the arena, from this byte on.
    | InArena of offset: int64

/// What is left to do for an output after all steps ran: copy a view into its buffer. Where that view is of an input that another
/// emission overwrites, it is first saved in the arena.
[<ReferenceEquality>]
type Emission =
    {
        Output: int
        From: View
        Saved: int64 voption
    }

/// A value in the arena: from the step that writes it to the last that reads it, both included.
[<ReferenceEquality>]
type Lifetime =
    {
        Node: Node
        Bytes: int64
        First: int
        Last: int
        /// The same where steps that run slice by slice count as one.
        Whole: struct (int * int)
    }

[<ReferenceEquality>]
type MemoryPlan =
    {
        Places: Dictionary<Node, Place>
        Emissions: Emission[]
        Lifetimes: Lifetime[]
        ArenaBytes: int64
    }

/// Where every value lies: outputs are computed in their own buffers, inputs that were given up are overwritten in place when nobody
/// reads them any more, and the rest shares one arena in which values that live at the same time never overlap.
[<RequireQualifiedAccess>]
module Memory =
    /// Whole cache lines, at least one, so that no two values share a place.
    let private aligned (bytes: int64) = max 64L ((bytes + 63L) / 64L * 64L)

    let private overlap first last otherFirst otherLast =
        otherFirst <= last && first <= otherLast

    /// Whether two values live at one time, while slices count as one step.
    let private conflict (a: Lifetime) (b: Lifetime) =
        let struct (first, last), struct (otherFirst, otherLast) = a.Whole, b.Whole
        overlap first last otherFirst otherLast

    /// Whether two values of one slice may share memory row by row: one is no longer read when the other is written.
    let private mayShare (a: Lifetime) (b: Lifetime) =
        a.Whole = b.Whole
        && a.Bytes = b.Bytes
        && a.Node.Count = b.Node.Count
        && not (overlap a.First a.Last b.First b.Last)

    /// The lowest offset that is free of conflicts; one that is shared comes first, so that fewer bytes pass through the cache.
    let private lowest (lifetime: Lifetime) (conflicts: struct (int64 * Lifetime)[]) : int64 =
        let isFree offset =
            conflicts
            |> Array.forall (fun (struct (start, other)) ->
                start >= offset + lifetime.Bytes
                || offset >= start + other.Bytes
                || (start = offset && mayShare lifetime other))

        let shared =
            conflicts
            |> Array.tryFind (fun (struct (start, other)) -> mayShare lifetime other && isFree start)

        match shared with
        | Some(struct (start, _)) -> start
        | None ->
            let ends = conflicts |> Seq.map (fun (struct (start, other)) -> start + other.Bytes)

            Seq.append [ 0L ] ends |> Seq.sort |> Seq.find isFree

    /// Offsets for lifetimes: the largest first, each at the lowest offset that is free while it lives.
    let place (reuse: bool) (lifetimes: Lifetime[]) : Dictionary<Node, int64> * int64 =
        let offsets = Dictionary<Node, int64>(HashIdentity.Reference)
        let placed = List<struct (int64 * Lifetime)>()
        let mutable total = 0L

        for lifetime in
            lifetimes
            |> Array.sortBy (fun lifetime -> -lifetime.Bytes, lifetime.First, lifetime.Node.Id) do
            let conflicts =
                placed
                |> Seq.filter (fun (struct (_, other)) -> not reuse || conflict lifetime other)
                |> Seq.sortBy (fun (struct (offset, _)) -> offset)
                |> Seq.toArray

            let offset = if reuse then lowest lifetime conflicts else total
            placed.Add(struct (offset, lifetime))
            offsets[lifetime.Node] <- offset
            total <- max total (offset + lifetime.Bytes)

        offsets, total

    /// Whether a step reads a node element by element, in order, so that it may be overwritten by the same element of its result.
    let private readsInOrder (layout: Layout) (step: Step) (node: Node) =
        let isNode (input: Node) =
            obj.ReferenceEquals(layout.Base input, node)

        let inOrder (reader: Node) =
            reader.Inputs
            |> Array.forall (fun input ->
                not (isNode input)
                || (View.isWhole (layout.View input) && Kind.isElementwise reader))

        let headReads =
            step.Head |> Option.exists (fun head -> Array.exists isNode head.Inputs)

        Array.forall inOrder step.Pointwise && not headReads

    /// Whether `value`, written by step number `at`, may take the memory of `input`, which is read last by step number `read`.
    let private canOverwrite layout (schedule: Step[]) (input: Node) (read: int) (value: Node) (at: int) =
        // A product is written before the pointwise work behind it reads anything.
        let isHead =
            schedule[at].Head
            |> Option.exists (fun head -> obj.ReferenceEquals(head, value))

        input.Count = value.Count
        && (read < at || (read = at && readsInOrder layout schedule[at] input && not isHead))

    /// Which value takes the place of each product, element by element, while it is in cache: one of those that the pointwise work behind
    /// it stores, where nobody else reads the product. The value may not overwrite an input, which that work may read after the product.
    let private successors layout (schedule: Step[]) (places: Dictionary<Node, Place>) (lastRead: Dictionary<Node, int>) =
        let successors = Dictionary<Node, Node>(HashIdentity.Reference)

        for step in schedule do
            match step.Head with
            | Some head when
                not (places.ContainsKey head || lastRead.ContainsKey head)
                && readsInOrder layout step head
                ->
                let mayReplace (value: Node) =
                    not (obj.ReferenceEquals(value, head))
                    && value.Count = head.Count
                    && DType.size value.DType = DType.size head.DType
                    && (match places.TryGetValue value with
                        | true, InInput _ -> false
                        | _ -> true)

                step.Writes
                |> Array.tryFind mayReplace
                |> Option.iter (fun value -> successors[head] <- value)
            | _ -> ()

        successors

    /// Room in the arena, behind its first `total` bytes, for emissions from inputs that other emissions overwrite.
    let private save (donors: Dictionary<int, Node>) (emissions: Emission[]) (total: int64) : Emission[] * int64 =
        let donor (emission: Emission) =
            match donors.TryGetValue emission.Output with
            | true, input -> Some input
            | _ -> None

        let overwritten = HashSet<Node>(Seq.choose donor emissions, HashIdentity.Reference)

        (total, emissions)
        ||> Array.mapFold (fun total emission ->
            if overwritten.Contains emission.From.Base then
                let bytes = Shape.count emission.From.Shape * DType.size emission.From.Base.DType

                { emission with
                    Saved = ValueSome total
                },
                total + aligned (int64 bytes)
            else
                emission, total)

    /// Plans memory for scheduled steps.
    let plan (reuse: bool) (program: Program) (layout: Layout) (schedule: Step[]) (slices: Sliced[]) : MemoryPlan =
        let places = Dictionary<Node, Place>(HashIdentity.Reference)
        program.Inputs |> Array.iteri (fun i input -> places[input] <- InInput i)
        let writtenAt = Dictionary<Node, int>(HashIdentity.Reference)
        let lastRead = Dictionary<Node, int>(HashIdentity.Reference)

        for i in 0 .. schedule.Length - 1 do
            schedule[i].Writes |> Array.iter (fun node -> writtenAt[node] <- i)
            schedule[i].Reads |> Array.iter (fun node -> lastRead[node] <- i)

        let readLast node ifNever =
            match lastRead.TryGetValue node with
            | true, last -> last
            | _ -> ifNever

        let donors = Dictionary<int, Node>()

        for struct (input, output) in program.Donated do
            donors[output] <- program.Inputs[input]

        // Emissions run after all steps, so what they may read is not overwritten, and lives to the end.
        let returned =
            HashSet<Node>(program.Outputs |> Seq.map layout.Base, HashIdentity.Reference)

        let mayTake (input: Node) (value: Node) =
            not (returned.Contains input)
            && canOverwrite layout schedule input (readLast input -1) value writtenAt[value]

        let emissions = List<Emission>()

        for o in 0 .. program.Outputs.Length - 1 do
            let view = layout.View program.Outputs[o]
            let value = view.Base

            let isOwn =
                View.isWhole view
                && writtenAt.ContainsKey value
                && not (places.ContainsKey value)

            match donors.TryGetValue o with
            | true, input when obj.ReferenceEquals(value, input) && View.isWhole view -> ()
            | true, input when isOwn && mayTake input value -> places[value] <- places[input]
            | false, _ when isOwn -> places[value] <- InOutput o
            | _ ->
                emissions.Add
                    {
                        Output = o
                        From = view
                        Saved = ValueNone
                    }

                lastRead[value] <- schedule.Length

        /// The step, or that end of the slice that it belongs to.
        let endOfSlice (pick: Sliced -> int) step =
            slices
            |> Array.tryFind (fun slice -> slice.First <= step && step <= slice.Last)
            |> Option.map pick
            |> Option.defaultValue step

        let successors =
            if reuse then
                successors layout schedule places lastRead
            else
                Dictionary<Node, Node>(HashIdentity.Reference)

        let lifetimes =
            [|
                for KeyValue(node, first) in writtenAt do
                    if not (places.ContainsKey node || successors.ContainsKey node) then
                        let last = max first (readLast node first)

                        {
                            Node = node
                            Bytes = aligned (int64 node.Count * int64 (DType.size node.DType))
                            First = first
                            Last = last
                            Whole = struct (endOfSlice _.First first, endOfSlice _.Last last)
                        }
            |]

        let offsets, total = place reuse lifetimes

        for KeyValue(node, offset) in offsets do
            places[node] <- InArena offset

        for KeyValue(head, value) in successors do
            places[head] <- places[value]

        let emissions, total = save donors (emissions.ToArray()) total

        {
            Places = places
            Emissions = emissions
            Lifetimes = lifetimes
            ArenaBytes = total
        }
