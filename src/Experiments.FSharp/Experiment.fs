namespace Functional.Experiments

open System
open System.IO
open System.Threading
open Functional

/// What an experiment is given.
type Context =
    {
        /// Less data and looser bounds, for under a minute.
        Quick: bool
        /// What to take the median over: as many as the experiment asked for, one when quick.
        Seeds: int64 list
        /// The experiment's own folder: pictures and run folders go there.
        Folder: string
        /// The sets that the experiment needs, by the names it gave.
        Data: Map<string, DataSplits>
        Threads: int
        /// Tells a line of progress.
        Report: string -> unit
        Cancellation: CancellationToken
    }

/// A published experiment that can be run again.
type Experiment =
    {
        /// What it is asked for by: linear-autoencoder.
        Id: string
        Title: string
        /// Lecture or paper.
        Source: string
        /// The data sets that must be there, as `--data` names them.
        Needs: string list
        /// How many seeds the median is taken over; 1 where nothing is random.
        Seeds: int
        Run: Context -> Row list
    }

[<RequireQualifiedAccess>]
module Context =
    /// `quick` when the run is to be quick, or else `full`: sizes, epochs, bounds.
    let choose (full: 'a) (quick: 'a) (context: Context) = if context.Quick then quick else full

    /// A file or folder of the experiment, without the spaces and apostrophes of a title.
    let path (name: string) (context: Context) =
        Path.Combine(context.Folder, name.Replace(' ', '-').Replace("'", ""))

    /// The rows of `measure` for every seed, gathered: each row's number is the median over the seeds.
    let overSeeds (measure: int64 -> Row list) (context: Context) =
        let one (seed: int64) =
            context.Cancellation.ThrowIfCancellationRequested()

            if context.Seeds.Length > 1 then
                context.Report $"seed {seed}"

            measure seed

        context.Seeds |> List.map one |> Row.overSeeds

    /// What a training tells, as lines of progress after `label`: one an epoch, and what callbacks did.
    let progress (label: string) (context: Context) : IProgress<TrainingProgress> =
        { new IProgress<TrainingProgress> with
            member _.Report progress =
                match progress.Completed with
                | null -> ()
                | epoch ->
                    let metrics = epoch.Values |> Seq.map (fun value -> $"{value.Key} {value.Value:G6}")

                    context.Report $"""{label}: epoch {epoch.Epoch}/{progress.Epochs}  {String.Join("  ", metrics)}"""

                for note in progress.Notes do
                    context.Report $"{label}: {note}"
        }
