namespace Functional.Core.Compile

open System.Collections.Generic
open Functional.Core
open Functional.Core.Graph

/// A closed expression: outputs that depend on numbered inputs alone. What engines run.
[<ReferenceEquality>]
type Program =
    {
        /// Input nodes, by number.
        Inputs: Node[]
        Outputs: Node[]
        /// Input i gives its memory up to output o: the engine may write the one over the other.
        Donated: struct (int * int)[]
    }

[<RequireQualifiedAccess>]
module Program =
    /// Closes the graph of `roots` over `arguments`, which become inputs 0.. in order; nodes that are leaves become further inputs, and
    /// are returned. Markers of differentiation are left out.
    let close (isLeaf: Node -> bool) (arguments: Node[]) (roots: Node[]) : Program * Node[] =
        let leaves = List<Node>()
        let inputs = List<Node>()
        let replaced = Dictionary<Node, Node>(HashIdentity.Reference)

        let addInput (node: Node) =
            let input = Node.input inputs.Count node.DType node.Shape
            inputs.Add input
            replaced[node] <- input

        arguments |> Array.iter addInput

        for node in Walk.topological (fun node -> not (replaced.ContainsKey node || isLeaf node)) roots do
            if node.IsGivenUp then
                Errors.state
                    "reading a tensor's numbers"
                    $"a tensor {Errors.show node.Shape} that was given up to a compiled function"
                    "a tensor that still has its elements"
                    "use the tensor that the function returned"

            if not (replaced.ContainsKey node) then
                if isLeaf node then
                    addInput node
                    leaves.Add node
                else
                    let newInputs = node.Inputs |> Array.map (fun input -> replaced[input])

                    replaced[node] <-
                        match node.Op with
                        | Variable
                        | StopGradient -> newInputs[0]
                        | op -> Node.make op newInputs

        {
            Inputs = inputs.ToArray()
            Outputs = roots |> Array.map (fun root -> replaced[root])
            Donated = [||]
        },
        leaves.ToArray()

    /// As `close`, with evaluated nodes and data as leaves, whose buffers are returned.
    let capture (arguments: Node[]) (roots: Node[]) : Program * Storage[] =
        let program, leaves = close (fun node -> not (isNull node.Value)) arguments roots
        program, leaves |> Array.map (fun leaf -> nonNull leaf.Value)

    /// Everything that determines how a program runs, comparable by value: two programs with equal keys are the same program.
    let key (program: Program) =
        let numbers = Dictionary<Node, int>(HashIdentity.Reference)
        program.Inputs |> Array.iteri (fun i input -> numbers[input] <- i)
        let parts = List<obj>()

        for input in program.Inputs do
            parts.Add(struct (input.DType, input.Shape))

        for node in Walk.topological (fun _ -> true) program.Outputs do
            if not (numbers.ContainsKey node) then
                numbers[node] <- numbers.Count
                parts.Add(struct (node.Op, node.Inputs |> Array.map (fun input -> numbers[input])))

        parts.Add(program.Outputs |> Array.map (fun output -> numbers[output]))
        parts.Add program.Donated
        parts.ToArray()
