namespace Functional.Core.Graph

open System.Collections.Generic

/// Traversals. All are iterative: graphs may be tens of thousands of nodes deep.
[<RequireQualifiedAccess>]
module Walk =
    /// The nodes that `roots` depend on, roots included, each once and after its inputs. `enter` says whether a node's inputs are followed.
    let topological (enter: Node -> bool) (roots: Node seq) : List<Node> =
        let seen = HashSet<Node>(HashIdentity.Reference)
        let order = List<Node>()
        let stack = Stack<struct (Node * int)>()

        for root in roots do
            if seen.Add root then
                stack.Push(struct (root, 0))

            while stack.Count > 0 do
                let struct (node, next) = stack.Pop()
                let inputs = node.Inputs

                if next < inputs.Length && enter node then
                    stack.Push(struct (node, next + 1))

                    if seen.Add inputs[next] then
                        stack.Push(struct (inputs[next], 0))
                else
                    order.Add node

        order

    let private stops (node: Node) =
        match node.Op with
        | StopGradient -> true
        | _ -> false

    /// The nodes between `sources` and `roots`: those that roots depend on and that depend on a source, in topological order,
    /// as derivatives see it: a `StopGradient` depends on nothing.
    let between (sources: Node seq) (roots: Node seq) : List<Node> =
        let dependent = HashSet<Node>(sources, HashIdentity.Reference)
        let found = List<Node>()
        // What was made before the first source can not depend on one.
        let first =
            dependent
            |> Seq.fold (fun least node -> min least node.Id) System.Int64.MaxValue

        for node in topological (fun node -> node.Id > first && not (stops node)) roots do
            if dependent.Contains node then
                found.Add node
            elif not (stops node) && Array.exists dependent.Contains node.Inputs then
                dependent.Add node |> ignore
                found.Add node

        found
