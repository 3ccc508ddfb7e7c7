namespace Functional.Core.Compile

open System.Collections.Generic
open Functional.Core
open Functional.Core.Graph

/// Brings a program into the form that kernels know: a reduction runs over axes that lie side by side.
[<RequireQualifiedAccess>]
module Legal =
    /// Axes in runs of neighbours, the last run first. Axes of size 1 between two others do not part them.
    let private runs (shape: int[]) (axes: int[]) =
        ([], axes)
        ||> Array.fold (fun runs axis ->
            match runs with
            | (last :: _ as run) :: rest when Seq.forall (fun i -> shape[i] = 1) (seq { last + 1 .. axis - 1 }) -> (axis :: run) :: rest
            | _ -> [ axis ] :: runs)
        |> List.map (List.rev >> List.toArray)

    /// The program in that form.
    let run (program: Program) : Program =
        let replaced = Dictionary<Node, Node>(HashIdentity.Reference)

        for node in Walk.topological (fun _ -> true) program.Outputs do
            let inputs = node.Inputs |> Array.map (fun input -> replaced[input])

            replaced[node] <-
                match node.Op with
                | Input _ -> node
                | Reduce(f, axes) ->
                    // The last run goes first, so the axes of the runs before it keep their numbers.
                    (inputs[0], runs inputs[0].Shape axes)
                    ||> List.fold (fun x run -> Node.make (Reduce(f, run)) [| x |])
                | op when Array.forall2 (fun a b -> obj.ReferenceEquals(a, b)) inputs node.Inputs -> node
                | op -> Node.make op inputs

        { program with
            Outputs = program.Outputs |> Array.map (fun output -> replaced[output])
        }
