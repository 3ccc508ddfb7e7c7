namespace Functional.Core.Graph

open Functional.Core

/// The legal form of a graph, checked after each stage of the compiler in tests.
[<RequireQualifiedAccess>]
module Verify =
    /// Every node's shape and type are what its operation gives, and inputs come before nodes.
    let graph (roots: Node seq) =
        for node in Walk.topological (fun _ -> true) roots do
            match node.Op with
            | Input _
            | Data -> ()
            | op ->
                let struct (dtype, shape) =
                    Infer.result op (node.Inputs |> Array.map (fun input -> struct (input.DType, input.Shape)))

                if dtype <> node.DType || shape <> node.Shape then
                    Errors.state
                        (Infer.name op)
                        $"{DType.name node.DType} {Errors.show node.Shape}"
                        $"{DType.name dtype} {Errors.show shape}"
                        "the compiler made an illegal graph"

    /// A program's graph reads nothing but the program's inputs.
    let closed (roots: Node seq) =
        graph roots

        for node in Walk.topological (fun _ -> true) roots do
            match node.Op with
            | Data
            | Variable
            | StopGradient -> Errors.state (Infer.name node.Op) "a node of an open graph" "program inputs only" "capture leaves first"
            | _ -> ()
