namespace Functional.Core.Compile

open System.Collections.Generic
open Functional.Core
open Functional.Core.Graph

/// Where each value of a program is found, before it is known what runs together.
[<ReferenceEquality>]
type Layout =
    {
        /// All nodes, inputs before the nodes that use them.
        Order: List<Node>
        Views: Dictionary<Node, View>
    }

    /// A value, as a view of memory that is written by the program or given to it.
    member this.View(node: Node) = this.Views[node]

    /// The node whose memory holds a value.
    member this.Base(node: Node) = this.Views[node].Base

    /// Whether a node is only another look at its input.
    member this.IsView(node: Node) =
        not (obj.ReferenceEquals(this.Base node, node))

    /// The pointwise node that computes a value's elements in their order, if any: the node itself, or the one it reshapes.
    member this.Computed(node: Node) : Node voption =
        match Kind.ofNode node, node.Op with
        | Pointwise, _ -> ValueSome node
        | Movement, Reshape _ when View.isWhole this.Views[node] -> this.Computed node.Inputs[0]
        | _ -> ValueNone

    /// The pointwise node that pointwise `reader` takes `input` from element by element, without memory between them.
    member this.Elementwise (reader: Node) (input: Node) : Node voption =
        if Kind.isElementwise reader then
            this.Computed input
        else
            ValueNone

[<RequireQualifiedAccess>]
module Layout =
    /// Whether the kernel of `reader` can read an input that lies so.
    let private canRead (reader: Node) (view: View) =
        match Kind.ofNode reader, reader.Op with
        | Movement, _ -> true
        | _, MatMul _ -> (View.asMatrix view).IsSome && (View.stackStride view).IsSome
        | _ -> Kind.isElementwise reader || View.isContiguous view

    /// Movements become views as far as their readers can read them so; the others get memory of their own.
    let ofProgram (program: Program) : Layout =
        let order = Walk.topological (fun _ -> true) program.Outputs
        let views = Dictionary<Node, View>(HashIdentity.Reference)

        for node in order do
            for input in node.Inputs do
                if not (canRead node views[input]) then
                    views[input] <- View.whole input

            views[node] <-
                match Kind.ofNode node with
                | Movement ->
                    match View.apply node views[node.Inputs[0]] with
                    | ValueSome view -> view
                    | ValueNone -> View.whole node
                | _ -> View.whole node

        { Order = order; Views = views }
