namespace Functional.Core.Tests

open System
open System.Diagnostics
open System.IO

/// F# scripts of this repository, run as people run them.
[<RequireQualifiedAccess>]
module Fsi =
    /// The folder that holds the solution.
    let root =
        let rec above (folder: string) =
            if File.Exists(Path.Combine(folder, "Functional.sln")) then
                folder
            else
                match Path.GetDirectoryName folder with
                | null -> invalidOp $"no Functional.sln above {AppContext.BaseDirectory}"
                | parent -> above parent

        above AppContext.BaseDirectory

    /// Runs a script to its end: exit code, standard output, standard error.
    let run (arguments: string list) : int * string * string =
        let start =
            ProcessStartInfo("dotnet", [ "fsi"; $"--lib:{root}" ] @ arguments, WorkingDirectory = root)

        start.RedirectStandardOutput <- true
        start.RedirectStandardError <- true

        use script = Process.Start start |> nonNull
        let errors = script.StandardError.ReadToEndAsync()
        let output = script.StandardOutput.ReadToEnd()
        script.WaitForExit()
        script.ExitCode, output, errors.Result
