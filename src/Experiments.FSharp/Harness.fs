namespace Functional.Experiments

open System
open System.Diagnostics
open System.IO
open System.Threading
open Functional
open Functional.Core

/// How experiments are run.
type RunOptions =
    {
        Quick: bool
        /// The first seed; the others follow it.
        Seed: int64
        /// Searched first for the data sets.
        DataDir: string option
        Threads: int
        Report: string -> unit
        Cancellation: CancellationToken
    }

/// How one experiment ended: with numbers, good or bad, or with what kept it from having any.
type Ending =
    | Finished of Outcome: Outcome
    | Failed of Experiment: Experiment * Fault: exn

[<RequireQualifiedAccess>]
module Harness =
    /// Every core, seed 1, silent.
    let defaults =
        {
            Quick = false
            Seed = 1L
            DataDir = None
            Threads = Machine.Processors
            Report = ignore
            Cancellation = CancellationToken.None
        }

    let private seeds (options: RunOptions) (experiment: Experiment) =
        let count = if options.Quick then 1 else experiment.Seeds
        [ for i in 0 .. count - 1 -> options.Seed + int64 i ]

    let private claim (folder: string) =
        if File.Exists(Path.Combine(folder, Report.resultsFile)) then
            Errors.option "out" $"results in {folder}" "a folder without" "choose another folder"

        try
            Directory.CreateDirectory folder |> ignore
        with
        | :? IOException
        | :? UnauthorizedAccessException as fault ->
            raise (IOException($"{folder}: found a folder that can not be made ({fault.Message.TrimEnd '.'}).", fault))

    let private hashes (set: DataSplits) =
        [ set.Train; set.Validation; set.Test ]
        |> List.filter (fun rows -> rows.Count > 0)
        |> List.map _.Sha256

    /// Runs an experiment and writes its numbers into `folder`, which is made. The sets that it needs are opened first.
    /// Errors: `FileNotFoundException`, when a set is not there; option, when the folder holds results already; whatever the experiment meets.
    let run (options: RunOptions) (folder: string) (experiment: Experiment) : Outcome =
        let load name =
            name, Datasets.Load(name, Option.toObj options.DataDir)

        let data = experiment.Needs |> List.map load |> Map.ofList

        claim folder

        let context =
            {
                Quick = options.Quick
                Seeds = seeds options experiment
                Folder = folder
                Data = data
                Threads = options.Threads
                Report = fun line -> options.Report $"{experiment.Id}: {line}"
                Cancellation = options.Cancellation
            }

        let watch = Stopwatch.StartNew()
        let rows = experiment.Run context

        let outcome =
            {
                Experiment = experiment
                Rows = rows
                Seconds = watch.Elapsed.TotalSeconds
                Quick = context.Quick
                Seeds = context.Seeds
                Threads = context.Threads
                Folder = folder
                Sha256 = data |> Map.map (fun _ set -> hashes set)
            }

        Report.write outcome
        outcome

    /// Runs experiments one after the other, each in the folder that `folderOf` its id names. One that fails does not keep the others from
    /// running; a request to stop does. Errors: `OperationCanceledException`.
    let runAll (options: RunOptions) (folderOf: string -> string) (experiments: Experiment seq) : Ending list =
        let one (experiment: Experiment) =
            try
                options.Cancellation.ThrowIfCancellationRequested()
                options.Report $"{experiment.Id}: {experiment.Title}"
                let outcome = run options (folderOf experiment.Id) experiment
                let verdict = if outcome.Passes then "pass" else "miss"
                options.Report $"{experiment.Id}: {verdict}, {outcome.Seconds:F1} s"
                Finished outcome
            with
            | :? OperationCanceledException as stop ->
                let message =
                    $"{experiment.Id}: interrupted; what finished before it is in its folder."

                raise (OperationCanceledException(message, stop, options.Cancellation))
            | fault ->
                options.Report $"{experiment.Id}: could not run"
                Failed(experiment, fault)

        experiments |> Seq.map one |> List.ofSeq
