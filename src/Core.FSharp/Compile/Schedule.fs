namespace Functional.Core.Compile

open System.Collections.Generic
open Functional.Core
open Functional.Core.Graph

/// The order of a program's steps: every step after those it reads from, otherwise as the program was written.
[<RequireQualifiedAccess>]
module Schedule =
    let private firstMade (step: Step) =
        step.Writes
        |> Array.fold (fun first node -> min first node.Id) System.Int64.MaxValue

    let run (steps: Step[]) : Step[] =
        let writer = Dictionary<Node, int>(HashIdentity.Reference)

        steps
        |> Array.iteri (fun i step -> step.Writes |> Array.iter (fun node -> writer[node] <- i))

        let before =
            steps
            |> Array.mapi (fun i step ->
                step.Reads
                |> Array.choose (fun node ->
                    match writer.TryGetValue node with
                    | true, other when other <> i -> Some other
                    | _ -> None)
                |> Array.distinct)

        let waiting = before |> Array.map Array.length
        let after = Array.init steps.Length (fun _ -> List<int>())

        before
        |> Array.iteri (fun i others -> others |> Array.iter (fun other -> after[other].Add i))

        let ready = PriorityQueue<int, int64>()
        let release i = ready.Enqueue(i, firstMade steps[i])

        waiting
        |> Array.iteri (fun i count ->
            if count = 0 then
                release i)

        let order = List<Step>()

        while ready.Count > 0 do
            let i = ready.Dequeue()
            order.Add steps[i]

            for next in after[i] do
                waiting[next] <- waiting[next] - 1

                if waiting[next] = 0 then
                    release next

        if order.Count <> steps.Length then
            Errors.state
                "schedule"
                $"{steps.Length - order.Count} steps that wait for each other"
                "an order"
                "this is a defect of the compiler"

        order.ToArray()
