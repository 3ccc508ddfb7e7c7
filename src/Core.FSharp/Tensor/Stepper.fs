namespace Functional.Core

open System.Collections.Generic
open Functional.Core.Compile
open Functional.Core.Engines

/// A stepper's step on data that stay in their place. Each run reads the numbers that are there then, and writes its results over those of
/// the run before: nothing is allocated.
[<Sealed>]
type BoundStep<'Y> internal (executable: Executable, inputs: Storage[], outputs: Storage[], result: 'Y, before: unit -> unit) =
    /// One step; what it gives beside the state, in tensors that the next run overwrites: read them first.
    member _.Run() : 'Y =
        before ()
        executable.Run(inputs, outputs)
        result

    /// Bytes that running takes, known before the first run: the state, the data, what the step holds on to, its results, and all that is
    /// computed on the way.
    member _.PeakBytes: int64 =
        let storages = HashSet<Storage>(Seq.append inputs outputs, HashIdentity.Reference)

        executable.PeakBytes
        + (storages |> Seq.sumBy (fun storage -> int64 storage.ByteLength))

/// A loop's compiled step and the state it works on. The state stays in its own memory and each step overwrites it in place, so that a
/// step costs its kernels and little else. Tensors read from `State` are given up by the next step.
[<Sealed>]
type Stepper<'S, 'X, 'Y>(engine: Engine, step: 'S -> 'X -> 'S * 'Y, initial: 'S) =
    /// The form of the state, without its memory.
    let like =
        Tree.map (fun (tensor: Tensor) -> Tensor(Graph.Node.input 0 tensor.DType tensor.Node.Shape)) initial

    let storages = Evaluate.fresh (Trace.nodes (Tree.tensors initial))
    let own = HashSet<Storage>(storages, HashIdentity.Reference)
    let traces = Dictionary<ProgramKey, Trace<'S * 'Y>>()

    /// Nodes that show the state to others.
    let mutable shown: Graph.Node[] = [||]

    let giveUpShown () =
        if shown.Length > 0 then
            for node in shown do
                node.GiveUp()

            shown <- [||]

    /// The memory, or a copy of it where steps would overwrite it.
    let apart (storage: Storage) =
        if own.Contains storage then
            Storage.copy storage
        else
            storage

    let trace (x: 'X) =
        match Trace.make engine (fun (state, x) -> step state x) (like, x) storages.Length with
        | None ->
            Errors.state
                "step"
                "a tensor without a value in the function that steps"
                "tensors that are known, or that are in the state or the data"
                "pass it in"
        | Some trace ->
            Trace.checkState "step" (Tree.leaves like) (Tree.leaves (fst trace.Result))
            trace

    let traceOf (x: 'X) =
        let form = Tree.parts x ||> Trace.form

        match traces.TryGetValue form with
        | true, known -> known
        | _ ->
            let made = trace x
            traces[form] <- made
            made

    /// The state between two steps.
    member _.State
        with get (): 'S =
            let tensors =
                Array.map2 (fun (tensor: Tensor) storage -> Tensor.ofStorage tensor.Node.Shape storage) (Tree.tensors like) storages

            shown <- Array.append shown (Trace.nodes tensors)
            Tree.rebuild like tensors
        and set (state: 'S) =
            let tensors = Tree.tensors state
            // All are evaluated before the first is overwritten: they may depend on one another's memory.
            Evaluate.nodes (Trace.nodes tensors)

            let values =
                Array.map2
                    (fun (tensor: Tensor) storage ->
                        let value = Evaluate.value tensor.Node

                        if obj.ReferenceEquals(value, storage) then
                            value
                        else
                            apart value)
                    tensors
                    storages

            Array.iter2
                (fun (value: Storage) (storage: Storage) ->
                    if not (obj.ReferenceEquals(value, storage)) then
                        value.Bytes.CopyTo(storage.Bytes))
                values
                storages

    /// The step on data that stay where they are. It is compiled at the first data of their form: shapes and types of tensors, and
    /// everything that is not a tensor.
    member _.On(data: 'X) : BoundStep<'Y> =
        let trace = traceOf data
        let memoryOf (tensor: Tensor) = apart (Evaluate.value tensor.Node)

        let result =
            snd trace.Result
            |> Tree.map (fun tensor -> Tensor.ofStorage tensor.Node.Shape (Storage(tensor.DType, tensor.Count)))

        BoundStep(
            trace.Executable,
            Array.concat
                [
                    storages
                    Tree.tensors data |> Array.map memoryOf
                    Array.map apart trace.Captured
                ],
            Array.append storages (Tree.tensors result |> Array.map (fun tensor -> Evaluate.value tensor.Node)),
            result,
            giveUpShown
        )
