namespace Functional.Experiments

open Functional.Core
open Functional.Core.Engines

/// Trainings of models that the core makes, without run folders.
[<RequireQualifiedAccess>]
module internal CoreRun =
    let private engine (context: Context) : Engine =
        Cpu.create
            { Cpu.defaults with
                Threads = context.Threads
            }

    /// Trains to the last epoch, or to the first after which it is enough, and tells every epoch. Gives the parameters then, and the numbers
    /// of the epochs, the last one first, as `isEnough` is given them.
    let until
        isEnough
        (context: Context)
        label
        (phases: Phase<'P> list)
        (options: TrainingOptions)
        (parameters: 'P)
        train
        heldOut
        : 'P * Map<string, float> list =
        let training = Training(engine context, phases, options, parameters, train, heldOut)
        let mutable epochs = []

        let observer =
            { new TrainingObserver with
                member _.OnStep _ = ()
                member _.OnRollback _ = ()

                member _.OnEpoch report =
                    epochs <- Map.ofArray report.Metrics :: epochs

                    let metrics =
                        report.Metrics |> Array.map (fun (name, value) -> $"{name} {value:G5}")

                    context.Report $"""{label}: epoch {report.Epoch}/{options.Epochs}  {String.concat "  " metrics}"""

                    if isEnough epochs then
                        training.Stop()
            }

        if not (training.Run(observer, context.Cancellation)) then
            context.Cancellation.ThrowIfCancellationRequested()

        training.Parameters, epochs

    /// Trains to the last epoch; gives the parameters and that epoch's numbers.
    let toEnd (context: Context) label phases options (parameters: 'P) train heldOut : 'P * Map<string, float> =
        let parameters, epochs =
            until (fun _ -> false) context label phases options parameters train heldOut

        parameters, epochs.Head

    /// Whether a number has come to lie more than a share above the least that it was in the epochs before.
    let rises (metric: string) (share: float) (epochs: Map<string, float> list) : bool =
        match epochs |> List.map (Map.find metric) with
        | last :: before when not before.IsEmpty -> last > (1.0 + share) * List.min before
        | _ -> false

    /// Means over the rows of a set of what an objective reports.
    let measure (context: Context) (objective: Objective<'P>) (parameters: 'P) (set: Dataset) : Map<string, float> =
        let evaluate = Evaluator.create (engine context) objective
        evaluate.Invoke(parameters, context.Seeds.Head, 100, set) |> Map.ofList
