namespace Functional.Core

open System
open System.Collections.Generic
open Functional.Core.Engines

/// The uses of a training's seed: each has a child of the seed's key, so that no key is used twice.
[<RequireQualifiedAccess>]
module internal TrainingKeys =
    let private child i (seed: int64) =
        Key.split 3 (Key.ofSeed seed) |> List.item i

    /// For the order of the rows; epochs fold their numbers into it.
    let order seed = child 0 seed

    /// For the draws of training; steps fold their numbers into it.
    let steps seed = child 1 seed

    /// For draws on held-out rows; batches fold their numbers into it.
    let heldOut seed = child 2 seed

/// What an objective reports on held-out rows.
[<RequireQualifiedAccess>]
module Evaluator =
    /// Means over all rows of a set of what `evaluate` gives for batches, in the order of the rows.
    let private measure evaluate (parameters: 'P) (key: Key) batchSize (set: Dataset) : (string * float) list =
        let epoch =
            Batches.epoch
                { Batches.defaults with
                    Size = batchSize
                    Shuffle = false
                }
                (Key.words key)
                0
                set

        let totals = Dictionary<string, float>()
        let names = List<string>()
        let reader = BatchReader set

        for index in 0 .. epoch.Count - 1 do
            let rows = epoch.RowsOf index
            let batch = reader.Read epoch index

            for name: string, value: Tensor in evaluate (parameters, Key.foldIn index key, batch) do
                if not (totals.ContainsKey name) then
                    names.Add name
                    totals[name] <- 0.0

                totals[name] <- totals[name] + value.ToScalar() * float rows

        [ for name in names -> name, totals[name] / float set.Count ]

    /// A function of parameters, seed, batch size and a set: means over the set's rows of the objective's numbers. It is compiled once.
    let create (engine: Engine) (objective: Objective<'P>) : Func<'P, int64, int, Dataset, (string * float) list> =
        let evaluate =
            compileOn engine (fun (parameters, key, batch) -> objective.Evaluate parameters key batch)

        Func<_, _, _, _, _>(fun parameters seed batchSize set -> measure evaluate parameters (TrainingKeys.heldOut seed) batchSize set)
