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
                |> Seq.filter (fun (struct (_, other)) -> not reuse || (other.First <= lifetime.Last && lifetime.First <= other.Last))
                |> Seq.sortBy (fun (struct (offset, _)) -> offset)

            let mutable offset = 0L

            for struct (start, other) in conflicts do
                if start < offset + lifetime.Bytes && offset < start + other.Bytes then
                    offset <- start + other.Bytes

            placed.Add(struct (offset, lifetime))
            offsets[lifetime.Node] <- offset
            total <- max total (offset + lifetime.Bytes)

        offsets, total

    /// Plans memory for scheduled steps.
    let plan (reuse: bool) (program: Program) (layout: Layout) (schedule: Step[]) : MemoryPlan =
        let places = Dictionary<Node, Place>(HashIdentity.Reference)
        program.Inputs |> Array.iteri (fun i input -> places[input] <- InInput i)
        let writtenAt = Dictionary<Node, int>(HashIdentity.Reference)

        schedule
        |> Array.iteri (fun i step -> step.Writes |> Array.iter (fun node -> writtenAt[node] <- i))

        let lastRead = Dictionary<Node, int>(HashIdentity.Reference)

        schedule
        |> Array.iteri (fun i step -> step.Reads |> Array.iter (fun node -> lastRead[node] <- i))

        let donor = Dictionary<int, Node>()

        for struct (input, output) in program.Donated do
            donor[output] <- program.Inputs[input]

        let emittedFrom =
            HashSet<Node>(program.Outputs |> Seq.map (fun output -> layout.Base output), HashIdentity.Reference)

        /// Whether a step reads a node element by element, in order, so that it may be overwritten by the same element of its result.
        let readsInOrder (step: Step) (node: Node) =
            let inOrder (reader: Node) =
                reader.Inputs
                |> Array.forall (fun input ->
                    let view = layout.View input

                    not (obj.ReferenceEquals(view.Base, node))
                    || (View.isWhole view && Kind.isElementwise reader))

            step.Pointwise |> Array.forall inOrder
            && (match step.Head with
                | Some head ->
                    not (
                        head.Inputs
                        |> Array.exists (fun input -> obj.ReferenceEquals(layout.Base input, node))
                    )
                | None -> true)

        // A product is written before the pointwise work behind it reads anything.
        let isHead (step: Step) (value: Node) =
            step.Head |> Option.exists (fun head -> obj.ReferenceEquals(head, value))

        let canOverwrite (input: Node) (value: Node) =
            let at = writtenAt[value]

            let read =
                match lastRead.TryGetValue input with
                | true, last -> last
                | _ -> -1

            input.Count = value.Count
            && not (emittedFrom.Contains input)
            && (read < at
                || (read = at && readsInOrder schedule[at] input && not (isHead schedule[at] value)))

        let emissions = List<Emission>()

        program.Outputs
        |> Array.iteri (fun o output ->
            let view = layout.View output
            let value = view.Base

            let own =
                View.isWhole view
                && writtenAt.ContainsKey value
                && not (places.ContainsKey value)

            match donor.TryGetValue o with
            | true, input when obj.ReferenceEquals(view.Base, input) && View.isWhole view -> ()
            | true, input when own && canOverwrite input value -> places[value] <- places[input]
            | false, _ when own -> places[value] <- InOutput o
            | _ ->
                emissions.Add
                    {
                        Output = o
                        From = view
                        Saved = ValueNone
                    })

        // Emissions run after all steps, so what they read lives to the end.
        let emissionAt = schedule.Length

        for emission in emissions do
            lastRead[emission.From.Base] <- emissionAt

        let lifetimes =
            [|
                for KeyValue(node, first) in writtenAt do
                    if not (places.ContainsKey node) then
                        let last =
                            match lastRead.TryGetValue node with
                            | true, last -> max first last
                            | _ -> first

                        {
                            Node = node
                            Bytes = aligned (int64 node.Count * int64 (DType.size node.DType))
                            First = first
                            Last = last
                        }
            |]

        let offsets, total = place reuse lifetimes

        for KeyValue(node, offset) in offsets do
            places[node] <- InArena offset

        let overwritten =
            HashSet<Node>(
                emissions
                |> Seq.choose (fun emission ->
                    match donor.TryGetValue emission.Output with
                    | true, input -> Some input
                    | _ -> None),
                HashIdentity.Reference
            )

        let mutable total = total

        let save (emission: Emission) =
            if overwritten.Contains emission.From.Base then
                let offset = total

                total <-
                    total
                    + aligned (
                        int64 (Shape.count emission.From.Shape)
                        * int64 (DType.size emission.From.Base.DType)
                    )

                { emission with
                    Saved = ValueSome offset
                }
            else
                emission

        let emissions = emissions.ToArray() |> Array.map save

        {
            Places = places
            Emissions = emissions
            Lifetimes = lifetimes
            ArenaBytes = total
        }
