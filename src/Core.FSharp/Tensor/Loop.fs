namespace Functional.Core

open System.Collections.Generic
open Functional.Core.Graph
open Functional.Core.Compile

/// Repetition inside one program. The body is traced once, so neither the size of a program nor the time to compile it depends on the
/// number of turns. Derivatives do not pass through a loop.
[<RequireQualifiedAccess>]
module Loop =
    let private isLiteral (node: Node) =
        match node.Op with
        | Fill _
        | Iota _ -> true
        | _ -> false

    let private isMovement node = Kind.ofNode node = Movement

    /// Whether a node of a body is computed before the loop: whether it does not depend on the body's inputs. Constants stay inside, where
    /// they are folded, and so do movements, which are free there as views.
    let private isOutside (inputs: Node[]) (outputs: Node[]) : Node -> bool =
        let dependent = HashSet<Node>(inputs, HashIdentity.Reference)
        let constant = HashSet<Node>(HashIdentity.Reference)

        let isConstant node =
            isLiteral node || constant.Contains node

        // What is older than the body's inputs does not depend on them.
        let isNew (node: Node) = node.Id > inputs[0].Id

        for node in Walk.topological isNew outputs do
            if isNew node && node.Inputs.Length > 0 then
                if Array.exists dependent.Contains node.Inputs then
                    dependent.Add node |> ignore
                elif
                    (Kind.isElementwise node || isMovement node)
                    && Array.forall isConstant node.Inputs
                then
                    constant.Add node |> ignore

        fun node ->
            not (dependent.Contains node || isConstant node)
            && (not (isMovement node) || not (isNull node.Value))

    /// The body as a program, and the tensors from outside that every turn reads.
    let private trace (body: Tensor -> 'S -> 'S) (initial: 'S) : Body * Node[] =
        let turn = Node.input 0 DType.Int32 [||]

        let state =
            Tree.tensors initial
            |> Array.mapi (fun i leaf -> Node.input (i + 1) leaf.DType leaf.Node.Shape)

        let next = body (Tensor turn) (Tree.rebuild initial (Array.map Tensor state))
        Trace.checkState "turn" (Tree.leaves initial) (Tree.leaves next)
        let inputs, outputs = Array.append [| turn |] state, Trace.nodes (Tree.tensors next)
        let program, constants = Program.close (isOutside inputs outputs) inputs outputs
        Body.ofProgram program, constants

    /// The state after `count` turns of `body`, which is given the number of the turn (int32 scalar, 0 ..) and the state before it. The
    /// state is any tree of tensors, whose shapes and types a turn must not change; all else in it stays as it was. A body that draws
    /// folds the number of the turn into its key. Numbers can not be looked at inside.
    let iterate (count: int) (body: Tensor -> 'S -> 'S) (initial: 'S) : 'S =
        if count < 0 then
            Errors.option "count" (string count) "0 or more turns" ""

        let tensors = Tree.tensors initial

        if count = 0 || tensors.Length = 0 then
            initial
        else
            let traced, constants = trace body initial
            let operands = Array.append tensors (Array.map Tensor constants)
            let packed = Tensor.make (Op.Loop(traced, count)) (List.ofArray operands)

            Array.map2
                (fun start (tensor: Tensor) -> Tensor.make (Part(start, tensor.DType, tensor.Node.Shape)) [ packed ])
                traced.Starts
                tensors
            |> Tree.rebuild initial
