namespace Functional.Core

open System.Collections.Generic
open Functional.Core.Graph
open Functional.Core.Engines

/// A step made ready for data of one form: the program, and the memory that it reads and writes in its order.
[<ReferenceEquality>]
type private Ready<'Y> =
    {
        Executable: Executable
        /// The data's tensors when it was traced: others of the same types and shapes can take their place.
        Like: Tensor[]
        Inputs: Storage[]
        Outputs: Storage[]
        Result: 'Y
        Results: Tensor[]
    }

/// A loop's compiled step and the state it works on. The state stays in its own memory and each step overwrites it in place, so that a
/// step costs its kernels and little else. Tensors read from `State` are given up by the next step.
[<Sealed>]
type Stepper<'S, 'X, 'Y>(engine: Engine, step: 'S -> 'X -> 'S * 'Y, initial: 'S) =
    /// The form of the state, without its memory.
    let like =
        Tree.map (fun (tensor: Tensor) -> Tensor(Node.input 0 tensor.DType tensor.Node.Shape)) initial

    let storages =
        Tree.tensors initial
        |> Array.map (fun tensor -> Storage.copy (Evaluate.value tensor.Node))

    let ready = List<Ready<'Y>>()

    /// Nodes that show the state to others.
    let mutable shown: Node[] = [||]

    let prepare (x: 'X) (data: Tensor[]) =
        match Trace.make engine (fun (state, x) -> step state x) (like, x) storages.Length with
        | None ->
            Errors.state
                "step"
                "a tensor without a value in the function that steps"
                "tensors that are known, or that are in the state or the data"
                "pass it in"
        | Some trace ->
            let state, result = trace.Result
            Trace.checkState "step" (Tree.leaves like) (Tree.leaves state)
            let results = Tree.tensors result
            let own = HashSet<Storage>(storages, HashIdentity.Reference)

            let captured =
                trace.Captured
                |> Array.map (fun storage ->
                    if own.Contains storage then
                        Storage.copy storage
                    else
                        storage)

            let made =
                {
                    Executable = trace.Executable
                    Like = data
                    Inputs = Array.concat [ storages; Array.create data.Length storages[0]; captured ]
                    Outputs = Array.append storages (Array.create results.Length storages[0])
                    Result = result
                    Results = results
                }

            ready.Add made
            made

    let fits (data: Tensor[]) (made: Ready<'Y>) =
        Array.forall2 (fun (a: Tensor) (b: Tensor) -> a.DType = b.DType && a.Node.Shape = b.Node.Shape) data made.Like

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
            let own = HashSet<Storage>(storages, HashIdentity.Reference)

            let values =
                Array.map2
                    (fun (tensor: Tensor) storage ->
                        let value = Evaluate.value tensor.Node

                        if obj.ReferenceEquals(value, storage) || not (own.Contains value) then
                            value
                        else
                            Storage.copy value)
                    tensors
                    storages

            Array.iter2
                (fun (value: Storage) (storage: Storage) ->
                    if not (obj.ReferenceEquals(value, storage)) then
                        value.Bytes.CopyTo(storage.Bytes))
                values
                storages

    /// One step; what it gives beside the state.
    member _.Step(x: 'X) : 'Y =
        let data = Tree.tensors x

        let made =
            match ready.Find(fun made -> fits data made) with
            | null -> prepare x data
            | made -> made

        for node in shown do
            node.GiveUp()

        shown <- [||]

        for i in 0 .. data.Length - 1 do
            made.Inputs[storages.Length + i] <- Evaluate.value data[i].Node

        for i in 0 .. made.Results.Length - 1 do
            made.Outputs[storages.Length + i] <- Storage(made.Results[i].DType, made.Results[i].Count)

        made.Executable.Run(made.Inputs, made.Outputs)

        made.Results
        |> Array.mapi (fun i tensor -> Tensor.ofStorage tensor.Node.Shape made.Outputs[storages.Length + i])
        |> Tree.rebuild made.Result
