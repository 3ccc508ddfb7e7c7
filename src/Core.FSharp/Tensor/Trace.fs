namespace Functional.Core

open Functional.Core.Graph
open Functional.Core.Compile
open Functional.Core.Engines

/// What tracing a function gave: the program, what it holds on to, its result with symbolic tensors, and the inputs it may overwrite.
[<ReferenceEquality>]
type internal Trace<'U> =
    {
        Executable: Executable
        Captured: Storage[]
        Result: 'U
        Outputs: Tensor[]
        Donated: struct (int * int)[]
    }

[<RequireQualifiedAccess>]
module internal Trace =
    let nodes (tensors: Tensor[]) = tensors |> Array.map _.Node

    /// What decides which program a function becomes: shapes and element types of its argument's tensors, and all else that is in it.
    let form (tensors: Tensor[]) (others: obj[]) =
        let shapes =
            tensors
            |> Array.map (fun tensor -> box (struct (tensor.DType, tensor.Node.Shape)))

        ProgramKey(Array.append shapes others)

    /// Refuses a state whose form is another after `turn` than it was before.
    let checkState (turn: string) (before: Leaf[]) (after: Leaf[]) =
        let form (leaf: Leaf) =
            let name = if leaf.Path = "" then "a tensor" else leaf.Path
            $"{name} {DType.name leaf.Tensor.DType} {Errors.show leaf.Tensor.Node.Shape}"

        let refuse found expected =
            Errors.shape turn $"{found} after a {turn}" $"{expected} as before it" "a state keeps its shapes and element types"

        if after.Length <> before.Length then
            refuse $"{after.Length} tensors" $"{before.Length}"

        Array.iter2
            (fun before after ->
                if form before <> form after then
                    refuse (form after) (form before))
            before
            after

    /// Inputs that give their memory up to the output at the same place.
    let private donations (inputs: Tensor[]) (outputs: Tensor[]) count =
        [|
            for i in 0 .. min count outputs.Length - 1 do
                if
                    inputs[i].DType = outputs[i].DType
                    && inputs[i].Node.Shape = outputs[i].Node.Shape
                then
                    struct (i, i)
        |]

    /// Whether outputs depend on an argument of another function being traced, or on a variable of a derivative being taken outside.
    let private dependsOnOuter (started: Scope) (inputs: Node[]) (outputs: Node[]) =
        let isOuter (node: Node) =
            match node.Op, node.Scope with
            | Input _, _ -> not (Array.exists (fun input -> obj.ReferenceEquals(input, node)) inputs)
            | _, null -> false
            | _, scope -> scope.Order < started.Order

        Walk.topological (fun node -> isNull node.Value) outputs |> Seq.exists isOuter

    /// Traces `f` for arguments like this one, of whose tensors the first `given` may be overwritten. None when the function holds on to a
    /// tensor that has no value to capture.
    let make (engine: Engine) (f: 'T -> 'U) (argument: 'T) (given: int) : Trace<'U> option =
        let started = Scope()

        let inputs =
            Tree.tensors argument
            |> Array.mapi (fun i leaf -> Tensor(Node.input i leaf.DType leaf.Node.Shape))

        let result = f (Tree.rebuild argument inputs)
        let outputs = Tree.tensors result

        if dependsOnOuter started (nodes inputs) (nodes outputs) then
            None
        else
            let program, captured = Program.capture (nodes inputs) (nodes outputs)
            let donated = donations inputs outputs given

            Some
                {
                    Executable = engine.Prepare { program with Donated = donated }
                    Captured = captured
                    Result = result
                    Outputs = outputs
                    Donated = donated
                }
