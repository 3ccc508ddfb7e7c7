namespace Functional.Core

open System
open Functional.Core.Graph
open Functional.Core.Compile
open Functional.Core.Engines

/// Training stopped because a number was no longer finite, or beyond its limit. The state is as it was before the step.
type DivergedException(epoch: int, step: int, fault: string, culprit: string option) =
    inherit
        Exception(
            let cause =
                match culprit with
                | Some culprit -> $"; the first tensor that is not finite is {culprit}"
                | None -> ""

            $"training: found {fault} at step {step} of epoch {epoch}, expected finite numbers within their limits{cause}; lower the learning rate or check the data."
        )

    member _.Epoch = epoch
    member _.Step = step

    /// What told of the divergence, in words: a loss that is not finite.
    member _.Fault = fault

    /// The first tensor that is not finite, in words; none where all are finite.
    member _.Culprit = culprit

/// Looks for the cause of a loss that is not finite.
[<RequireQualifiedAccess>]
module Diagnosis =
    let private isFinite (storage: Storage) =
        match storage.DType with
        | DType.Int32 -> true
        | Float32
        | Float64 -> Storage.toFloat64 storage |> Array.forall Double.IsFinite

    /// The first tensor that is not finite among the named ones, then among those computed on the way to `result`.
    let firstNonFinite (named: (string * Tensor) seq) (result: Tensor) : string option =
        let bad =
            named
            |> Seq.tryFind (fun (_, tensor) -> not (isFinite (Evaluate.value tensor.Node)))

        match bad with
        | Some(name, tensor) -> Some $"{name} {Errors.show tensor.Shape}"
        | None ->
            let onTheWay =
                Walk.topological (fun node -> isNull node.Value) [ result.Node ]
                |> Seq.filter (fun node -> isNull node.Value)
                |> Seq.toArray

            let program, inputs = Program.capture [||] onTheWay
            let outputs = onTheWay |> Array.map (fun node -> Storage(node.DType, node.Count))
            (Engines.defaultEngine.Value.Prepare program).Run(inputs, outputs)

            // A constant is as it was meant to be, infinite or not.
            let isConstant (node: Node) =
                match node.Op with
                | Fill _ -> true
                | _ -> false

            Seq.zip onTheWay outputs
            |> Seq.tryFind (fun (node, storage) -> not (isConstant node || isFinite storage))
            |> Option.map (fun (node, _) -> $"the result of {Infer.name node.Op} {Errors.show node.Shape}")
