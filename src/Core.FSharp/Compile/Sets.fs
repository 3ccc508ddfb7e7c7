namespace Functional.Core.Compile

open System.Collections.Generic
open Functional.Core.Graph

/// Sets of nodes that grow together; each is named by its first node.
type internal Sets(nodes: Node seq) =
    let parents = Dictionary<Node, Node>(HashIdentity.Reference)
    do nodes |> Seq.iter (fun node -> parents[node] <- node)

    member this.Find(node: Node) : Node =
        let mutable root = parents[node]

        while not (obj.ReferenceEquals(parents[root], root)) do
            root <- parents[root]

        parents[node] <- root
        root

    member this.Join (a: Node) (b: Node) =
        let a, b = this.Find a, this.Find b
        if a.Id < b.Id then parents[b] <- a else parents[a] <- b
