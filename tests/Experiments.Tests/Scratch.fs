namespace Functional.Experiments.Tests

open System.IO
open Functional.Experiments

/// Experiments of the tests' own, and folders that go away again.
module Scratch =
    let inFolder (f: string -> unit) =
        let folder = Directory.CreateTempSubdirectory("functional-experiments-").FullName

        try
            f folder
        finally
            Directory.Delete(folder, true)

    let experiment id run =
        {
            Id = id
            Title = "a test"
            Source = "nobody"
            Needs = []
            Seeds = 3
            Run = run
        }

    /// One row that is `value` and must be at most 1.
    let measuring id value =
        experiment id (fun _ -> [ Row.measured "value" value |> Row.published 0.5 |> Row.atMost 1.0 ])
