namespace Functional.Core

open System.Collections.Concurrent
open System.Collections.Generic
open System.Runtime.CompilerServices
open Functional.Core.Graph
open Functional.Core.Compile
open Functional.Core.Engines

/// A function traced once for each form of its argument: shapes and types of tensors, and everything that is not a tensor.
[<Sealed>]
type private Traced<'T, 'U>(engine: Engine, f: 'T -> 'U, given: 'T -> int) =
    let traces = ConcurrentDictionary<ProgramKey, Trace<'U> option>()

    /// Storage of each input; memory that is given up is shared neither with another input nor with what the function holds on to.
    let inputStorages (leaves: Tensor[]) (trace: Trace<'U>) =
        let storages = leaves |> Array.map (fun leaf -> Evaluate.value leaf.Node)

        if trace.Donated.Length > 0 then
            let seen = HashSet<Storage>(trace.Captured, HashIdentity.Reference)

            for i in 0 .. storages.Length - 1 do
                if not (seen.Add storages[i]) then
                    storages[i] <- Storage.copy storages[i]

        storages

    let execute (leaves: Tensor[]) (trace: Trace<'U>) : 'U =
        let inputs = inputStorages leaves trace
        let outputs = trace.Outputs
        let storages: Storage[] = Array.zeroCreate outputs.Length

        for struct (i, o) in trace.Donated do
            storages[o] <- inputs[i]

        for o in 0 .. outputs.Length - 1 do
            if isNull (box storages[o]) then
                storages[o] <- Storage(outputs[o].DType, outputs[o].Count)

        trace.Executable.Run(Array.append inputs trace.Captured, storages)

        for struct (i, _) in trace.Donated do
            leaves[i].Node.GiveUp()

        Array.map2 (fun (output: Tensor) storage -> Tensor.ofStorage output.Node.Shape storage) outputs storages
        |> Tree.rebuild trace.Result

    member _.Run(argument: 'T) : 'U =
        let leaves, others = Tree.parts argument

        // Inside another trace, or where a derivative is being taken, the function is part of the larger one.
        if
            leaves
            |> Array.exists (fun leaf -> leaf.Node.IsSymbolic || not (isNull leaf.Node.Scope))
        then
            f argument
        else
            Evaluate.nodes (Trace.nodes leaves)

            match traces.GetOrAdd(Trace.form leaves others, fun _ -> Trace.make engine f argument (given argument)) with
            | Some trace -> execute leaves trace
            | None -> f argument

/// Functions made into programs.
[<AutoOpen>]
module Compiled =
    /// The same function as `f`, run as one program on `engine`: traced at the first call, and again only when shapes or anything that
    /// is not a tensor changes. Inside, numbers can not be looked at.
    let compileOn (engine: Engine) (f: 'T -> 'U) : 'T -> 'U =
        let traced = Traced(engine, f, (fun _ -> 0))
        traced.Run

    /// `compileOn` each engine that is asked for, kept as long as the engine: for functions of a module, which are compiled once however
    /// often they are called.
    let compileForEach (f: 'T -> 'U) : Engine -> 'T -> 'U =
        let made = ConditionalWeakTable<Engine, Traced<'T, 'U>>()

        fun engine -> made.GetValue(engine, (fun engine -> Traced(engine, f, (fun _ -> 0)))).Run

    /// `compileOn` the default engine.
    let compile (f: 'T -> 'U) : 'T -> 'U = compileOn Engines.defaultEngine.Value f

    /// As `compileOn`, for a step that makes a new state from an old one. The tensors of the state given are given up: the new state
    /// takes their memory, and reading them afterwards is an error.
    let compileStepOn (engine: Engine) (f: 'S -> 'X -> 'S * 'Y) : 'S -> 'X -> 'S * 'Y =
        let traced =
            Traced(engine, (fun (state, x) -> f state x), (fun (state, _) -> (Tree.tensors state).Length))

        fun state x -> traced.Run(state, x)

    /// `compileStepOn` the default engine.
    let compileStep (f: 'S -> 'X -> 'S * 'Y) : 'S -> 'X -> 'S * 'Y =
        compileStepOn Engines.defaultEngine.Value f
