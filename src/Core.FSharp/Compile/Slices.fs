namespace Functional.Core.Compile

open System.Collections.Generic
open Functional.Core
open Functional.Core.Graph
open Functional.Kernels
open Functional.Kernels.Tile

/// Steps one after another in which row i of each result comes from row i of the others, so that they can run on some rows of the batch
/// at a time.
[<Struct>]
type Sliced =
    {
        /// The first step.
        First: int
        /// The last step.
        Last: int
        /// The first axis of every result.
        Batch: int
    }

/// Finds steps that run slice by slice. It changes when a value is computed, and no bit of it.
[<RequireQualifiedAccess>]
module Slices =
    /// Weights that all slices read stay in half of a second-level cache.
    let private mostWeightBytes = 1 <<< 19

    /// Below this the values of a batch stay in a second-level cache as they are.
    let private fewestValueBytes = 1 <<< 20

    let private bytes (nodes: Node seq) =
        nodes |> Seq.sumBy (fun node -> node.Count * DType.size node.DType)

    let private hasRows batch (node: Node) =
        node.Shape.Length > 0 && node.Shape[0] = batch && node.Count > 0

    /// Whether row i of a view lies within row i of its base.
    let private isAligned batch (view: View) =
        let row = view.Base.Count / batch

        let reach sign =
            Seq.zip view.Shape view.Strides
            |> Seq.skip 1
            |> Seq.sumBy (fun (size, stride) -> if sign * stride > 0 then (size - 1) * stride else 0)

        hasRows batch view.Base
        && view.Shape.Length > 0
        && view.Shape[0] = batch
        && view.Strides[0] = row
        && view.Offset + reach -1 >= 0
        && view.Offset + reach 1 < row

    /// The input of a product whose rows are the batch, and the weights; none for a node that is no such product.
    let private product (layout: Layout) (node: Node) : struct (Node * Node) voption =
        match node.Op with
        | MatMul(false, _) when
            node.Shape.Length = 2
            && View.asMatrix (layout.View node.Inputs[0])
               |> ValueOption.exists (fun (struct (_, isTransposed)) -> not isTransposed)
            ->
            ValueSome(struct (node.Inputs[0], node.Inputs[1]))
        | Conv _ -> ValueSome(struct (node.Inputs[0], node.Inputs[1]))
        | ConvInput _ -> ValueSome(struct (node.Inputs[1], node.Inputs[0]))
        | _ -> ValueNone

    let private isConvolution (step: Step) =
        match step.Head |> Option.map _.Op with
        | Some(Conv _)
        | Some(ConvInput _) -> true
        | _ -> false

    /// Whether a step can run by rows; `changing` are the nodes whose memory other steps of the slice write.
    let private canSlice (layout: Layout) batch (changing: HashSet<Node>) (step: Step) =
        let isFixed input =
            not (changing.Contains(layout.Base input))

        let readsRows input =
            isFixed input || isAligned batch (layout.View input)

        let headFits (head: Node) =
            match product layout head with
            | ValueSome(struct (rows, weights)) -> hasRows batch head && readsRows rows && isFixed weights
            | ValueNone -> false

        let pointwiseFits (node: Node) =
            hasRows batch node
            && if Kind.isElementwise node then
                   Array.forall readsRows node.Inputs
               else
                   Array.forall isFixed node.Inputs

        let sinkFits (sink: Node) =
            match sink.Op with
            | Reduce(_, axes) ->
                let source = sink.Inputs[0]

                axes[0] > 0
                && hasRows batch source
                && TileReduceKernel.CanSlice(axes |> Array.fold (fun size axis -> size * source.Shape[axis]) 1)
            | _ -> false

        Option.forall headFits step.Head
        && Array.forall pointwiseFits step.Pointwise
        && Option.forall sinkFits step.Sink
        && (step.Head.IsSome || step.Pointwise.Length > 0)

    let private weights (layout: Layout) (step: Step) =
        match step.Head |> Option.map (product layout) with
        | Some(ValueSome(struct (_, weights))) -> Some(layout.Base weights)
        | _ -> None

    let private pays (layout: Layout) (steps: Step[]) =
        steps.Length > 1
        && Array.exists isConvolution steps
        && bytes (steps |> Seq.choose (weights layout) |> Seq.distinct) <= mostWeightBytes
        && bytes (steps |> Seq.collect _.Writes) >= fewestValueBytes

    /// The batch of a step, where it suits.
    let private batchOf (step: Step) =
        match step.Writes with
        | [||] -> None
        | writes when writes[0].Shape.Length > 0 && SlicedKernel.Suits writes[0].Shape[0] -> Some writes[0].Shape[0]
        | _ -> None

    /// The longest rows of steps that can run by slices and gain by it.
    let run (program: Program) (layout: Layout) (schedule: Step[]) : Sliced[] =
        let donated =
            [| for struct (input, _) in program.Donated -> program.Inputs[input] |]

        let found = List<Sliced>()
        let mutable first = 0

        while first < schedule.Length do
            let changing = HashSet<Node>(donated, HashIdentity.Reference)
            let mutable next = first

            match batchOf schedule[first] with
            | Some batch ->
                while next < schedule.Length && canSlice layout batch changing schedule[next] do
                    changing.UnionWith schedule[next].Writes
                    next <- next + 1

                if next > first && pays layout schedule[first .. next - 1] then
                    found.Add
                        {
                            First = first
                            Last = next - 1
                            Batch = batch
                        }
            | None -> ()

            first <- max next (first + 1)

        found.ToArray()
