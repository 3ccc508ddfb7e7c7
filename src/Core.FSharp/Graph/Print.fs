namespace Functional.Core.Graph

open System.Collections.Generic
open System.Text
open Functional.Core

/// Graphs as text, for people and for tests.
[<RequireQualifiedAccess>]
module Print =
    /// A line a node: %3 = matmul %1 %2 : float32 [150; 500].
    let graph (roots: Node seq) =
        let names = Dictionary<Node, int>(HashIdentity.Reference)
        let text = StringBuilder()

        for node in Walk.topological (fun _ -> true) roots do
            names[node] <- names.Count

            let inputs =
                node.Inputs
                |> Array.map (fun input -> $" %%{names[input]}")
                |> System.String.Concat

            text.Append($"%%{names[node]} = {Infer.name node.Op}{inputs} : {DType.name node.DType} {Errors.show node.Shape}\n")
            |> ignore

        text.ToString()
