namespace Functional.Core

open System.Collections.Concurrent
open System.Collections.Generic
open Functional.Core.Graph
open Functional.Core.Compile
open Functional.Core.Engines

/// A function traced once for each form of its argument: shapes and types of tensors, and everything that is not a tensor.
[<Sealed>]
type private Traced<'T, 'U>(engine: Engine, f: 'T -> 'U, given: 'T -> int) =
    let traces = ConcurrentDictionary<ProgramKey, struct (Executable * Storage[] * 'U * struct (int * int)[])>()

    let form (argument: 'T) (leaves: Tensor[]) =
        let shapes = leaves |> Array.map (fun leaf -> box (struct (leaf.DType, leaf.Node.Shape)))
        ProgramKey(Array.append shapes (Tree.others argument))

    /// Inputs that give their memory up to the output at the same place.
    let donations (inputs: Tensor[]) (outputs: Tensor[]) count =
        [| for i in 0 .. min count outputs.Length - 1 do
               if inputs[i].DType = outputs[i].DType && inputs[i].Node.Shape = outputs[i].Node.Shape then
                   struct (i, i) |]

    let trace (argument: 'T) (leaves: Tensor[]) _ =
        let inputs = leaves |> Array.mapi (fun i leaf -> Tensor(Node.input i leaf.DType leaf.Node.Shape))
        let result = f (Tree.rebuild argument inputs)
        let outputs = Tree.tensors result
        let nodes (tensors: Tensor[]) = tensors |> Array.map _.Node
        let program, captured = Program.capture (nodes inputs) (nodes outputs)
        let donated = donations inputs outputs (given argument)
        // What f captured must not change when the caller gives the same memory up.
        let own = HashSet<Storage>(leaves |> Seq.map (fun leaf -> Evaluate.value leaf.Node), HashIdentity.Reference)
        let captured = captured |> Array.map (fun storage -> if own.Contains storage then Storage.copy storage else storage)
        struct (engine.Prepare { program with Donated = donated }, captured, result, donated)

    /// Storage of each input; memory that is given up is not shared with another input.
    let inputStorages (leaves: Tensor[]) givenUp =
        let storages = leaves |> Array.map (fun leaf -> Evaluate.value leaf.Node)

        if givenUp > 0 then
            let seen = HashSet<Storage>(HashIdentity.Reference)

            for i in 0 .. storages.Length - 1 do
                if not (seen.Add storages[i]) then
                    storages[i] <- Storage.copy storages[i]

        storages

    member _.Run(argument: 'T) : 'U =
        let leaves = Tree.tensors argument

        if leaves |> Array.exists (fun leaf -> leaf.Node.IsSymbolic || not (isNull leaf.Node.Scope)) then
            // Inside another trace, or where a derivative is being taken, the function is part of the larger one.
            f argument
        else
            Evaluate.nodes (leaves |> Seq.map _.Node)
            let struct (executable, captured, result, donated) = traces.GetOrAdd(form argument leaves, trace argument leaves)
            let inputs = inputStorages leaves donated.Length
            let outputs = Tree.tensors result
            let storages = Array.zeroCreate outputs.Length

            for struct (i, o) in donated do
                storages[o] <- inputs[i]

            for o in 0 .. outputs.Length - 1 do
                if isNull (box storages[o]) then
                    storages[o] <- Storage(outputs[o].DType, outputs[o].Count)

            executable.Run(Array.append inputs captured, storages)

            for struct (i, _) in donated do
                leaves[i].Node.GiveUp()

            Array.map2 (fun (output: Tensor) storage -> Tensor.ofStorage output.Node.Shape storage) outputs storages
            |> Tree.rebuild result

/// Functions made into programs.
[<AutoOpen>]
module Compiled =
    /// The same function as `f`, run as one program on `engine`: traced at the first call, and again only when shapes or anything that
    /// is not a tensor changes. Inside, numbers can not be looked at.
    let compileOn (engine: Engine) (f: 'T -> 'U) : 'T -> 'U =
        let traced = Traced(engine, f, (fun _ -> 0))
        traced.Run

    /// `compileOn` the default engine.
    let compile (f: 'T -> 'U) : 'T -> 'U = compileOn Engines.defaultEngine.Value f

    /// As `compileOn`, for a step that makes a new state from an old one. The tensors of the state given are given up: the new state
    /// takes their memory, and reading them afterwards is an error.
    let compileStepOn (engine: Engine) (f: 'S -> 'X -> 'S * 'Y) : 'S -> 'X -> 'S * 'Y =
        let traced = Traced(engine, (fun (state, x) -> f state x), (fun (state, _) -> (Tree.tensors state).Length))
        fun state x -> traced.Run(state, x)

    /// `compileStepOn` the default engine.
    let compileStep (f: 'S -> 'X -> 'S * 'Y) : 'S -> 'X -> 'S * 'Y = compileStepOn Engines.defaultEngine.Value f
