namespace Functional.Core

open System
open System.Diagnostics
open System.Threading
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

/// What a training was made of, as its checkpoint holds it.
type SavedTraining<'P> =
    {
        State: TrainingState<'P>
        /// Parameters put aside, as the best so far.
        Kept: 'P option
    }

/// A training of a model with parameters 'P on one set of rows: a state that steps fold batches into.
[<Sealed>]
type Training<'P>
    (engine: Engine, phases: Phase<'P> list, options: TrainingOptions, parameters: 'P, train: Dataset, validation: Dataset option) =
    do
        Frozen.check parameters (options.Frozen @ (phases |> List.collect _.Frozen))
        Phase.check phases options.Epochs

    let orderKey = Key.words (TrainingKeys.order options.Seed)

    let batching =
        { Batches.defaults with
            Size = options.BatchSize
        }

    let batches = BatchReader train

    /// All phases report the same numbers.
    let metricNames =
        lazy
            (match
                phases
                |> List.map (TrainingStep.names options parameters train)
                |> List.distinct
             with
             | [ names ] -> names
             | several -> Errors.state "training" $"phases that report {several}" "the same numbers in all" "")

    let initial =
        {
            Parameters = parameters
            Optimizer = Optimizer.init options.Optimizer parameters
            Key = TrainingKeys.steps options.Seed
            Step = Tensor.zeros DType.Int32 []
            Epoch = Tensor.zeros DType.Int32 []
            Batch = Tensor.zeros DType.Int32 []
            Totals = Tensor.zeros Float64 [ metricNames.Value.Length + 1 ]
            Best = Tensor.full Float64 [] infinity
            Stopped = Tensor.zeros DType.Int32 []
        }

    let mutable phase = 0
    let mutable stepper = Stepper(engine, TrainingStep.take options phases[0], initial)
    let mutable kept: 'P option = None

    let evaluators =
        phases
        |> List.map (fun phase -> lazy (Training<'P>.Evaluator(engine, phase.Objective)))

    let read (counter: Tensor) = counter.ToInt32s()[0]

    /// Goes to the phase that epoch number `epoch` belongs to; its first epoch begins with a new optimizer.
    let enter epoch =
        let index, isFirst = Phase.at phases epoch

        if index <> phase then
            stepper <- Stepper(engine, TrainingStep.take options phases[index], stepper.State)
            phase <- index

        if isFirst && index > 0 && read stepper.State.Batch = 0 then
            stepper.State <-
                { stepper.State with
                    Optimizer = Optimizer.init options.Optimizer stepper.State.Parameters
                    Best = initial.Best
                }

    let diagnose (batch: Batch) =
        let state = stepper.State

        let named =
            Seq.append
                [ "the data", batch.Rows ]
                (Tree.leaves state.Parameters
                 |> Seq.map (fun leaf -> "parameter " + leaf.Path, leaf.Tensor))

        let loss, _, _ =
            TrainingStep.loss options phases[phase] state.Parameters (TrainingStep.input state batch)

        Diagnosis.firstNonFinite named loss

    let finishEpoch (seconds: float) (observer: TrainingObserver) =
        let state = stepper.State
        let totals: float[] = state.Totals.ToFloat64s()
        let rows = Array.last totals
        let trained = metricNames.Value |> List.mapi (fun i name -> name, totals[i] / rows)
        let epoch = read state.Epoch + 1

        let heldOut =
            match validation with
            | Some set -> evaluators[phase].Value.Invoke(state.Parameters, options.Seed, options.BatchSize, set)
            | None -> []

        let metrics =
            trained @ (heldOut |> List.map (fun (name, value) -> "val_" + name, value))

        let monitored =
            (if heldOut.IsEmpty then trained else heldOut)
            |> List.find (fun (name, _) -> name = "loss")
            |> snd

        let isBest = monitored < state.Best.ToScalar()

        let finished =
            { state with
                Epoch = Tensor.full DType.Int32 [] (float epoch)
                Batch = Tensor.zerosLike state.Batch
                Totals = Tensor.zerosLike state.Totals
                Best =
                    if isBest then
                        Tensor.full Float64 [] monitored
                    else
                        state.Best
            }

        stepper.State <- finished

        observer.OnEpoch
            {
                Epoch = epoch
                Step = read finished.Step
                Seconds = seconds
                Metrics = List.toArray metrics
                IsBest = isBest
            }

    let isOver () =
        read stepper.State.Epoch >= options.Epochs || read stepper.State.Stopped = 1

    new(engine, objective: Objective<'P>, options, parameters: 'P, train, validation) =
        Training(engine, Phase.only objective, options, parameters, train, validation)

    /// Means over all rows of a set of what `evaluate` gives for batches, in the order of the rows.
    static member private Measure(evaluate, parameters: 'P, key: Key, batchSize, set: Dataset) : (string * float) list =
        let epoch =
            Batches.epoch
                { Batches.defaults with
                    Size = batchSize
                    Shuffle = false
                }
                (Key.words key)
                0
                set

        let totals = System.Collections.Generic.Dictionary<string, float>()
        let names = System.Collections.Generic.List<string>()
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

    /// Everything that steps change; between two steps it may be replaced by another of the same form.
    member _.State
        with get () = stepper.State
        and set (state: TrainingState<'P>) = stepper.State <- state

    /// The parameters as they are now; between two steps they may be replaced by others of the same form.
    member _.Parameters
        with get () = stepper.State.Parameters
        and set (parameters: 'P) =
            stepper.State <-
                { stepper.State with
                    Parameters = parameters
                }

    /// Epochs completed.
    member _.Epoch = read stepper.State.Epoch

    /// Steps taken.
    member _.StepCount = read stepper.State.Step

    /// A factor on the optimizer's rate, more than 0; phases begin with 1.
    member _.RateFactor
        with get () = stepper.State.Optimizer.RateFactor.ToScalar()
        and set (factor: float) =
            let state = stepper.State

            stepper.State <-
                { state with
                    Optimizer =
                        { state.Optimizer with
                            RateFactor = Tensor.full Float64 [] factor
                        }
                }

    /// The names of the numbers that epochs report, in order; held-out ones start with val_.
    member _.MetricNames: string list =
        let heldOut =
            match validation with
            | Some set -> TrainingStep.heldOutNames options parameters set phases[phase]
            | None -> []

        metricNames.Value @ (heldOut |> List.map (fun name -> "val_" + name))

    /// The parameters as they are now, for as long as they are wanted: steps write over those of `Parameters`.
    member _.Snapshot() : 'P =
        let copy (tensor: Tensor) =
            Tensor.ofStorage tensor.Shape (Storage.copy (Evaluate.value tensor.Node))

        Tree.map copy stepper.State.Parameters

    /// Parameters put aside, as the best so far; they are part of what is saved.
    member _.Kept = kept

    /// Puts the parameters aside as they are now.
    member this.Keep() = kept <- Some(this.Snapshot())

    /// Ends the training after this epoch, for good: a resumed training stays stopped.
    member _.Stop() =
        stepper.State <-
            { stepper.State with
                Stopped = Tensor.ones DType.Int32 []
            }

    /// Writes everything that training continues from, with a map of strings about it.
    member _.Save(path: string, metadata: Map<string, string>) =
        Checkpoint.save path metadata { State = stepper.State; Kept = kept }

    /// Goes on from a file that `Save` wrote, and gives its metadata.
    member _.Restore(path: string) : Map<string, string> =
        let file = Safetensors.read path

        let like =
            {
                State = stepper.State
                Kept =
                    if file.Arrays |> Array.exists (fun array -> array.Name.StartsWith "Kept.") then
                        Some stepper.State.Parameters
                    else
                        None
            }

        let saved = Checkpoint.restore path file like
        stepper.State <- saved.State
        kept <- saved.Kept
        file.Metadata

    /// Trains to the epochs asked for. False when it was cancelled first: the state then stands between two steps, and training it further
    /// gives the same bits as if it had not stopped. Throws DivergedException when the loss is not finite.
    member _.Run(observer: TrainingObserver, cancellation: CancellationToken) : bool =
        let watch = Stopwatch()

        while not (isOver ()) && not cancellation.IsCancellationRequested do
            watch.Restart()
            let number = read stepper.State.Epoch
            enter number
            let epoch = Batches.epoch batching orderKey number train
            let mutable index = read stepper.State.Batch

            while index < epoch.Count && not cancellation.IsCancellationRequested do
                let batch = batches.Read epoch index
                let loss = (stepper.Step batch).ToScalar()

                if not (Double.IsFinite loss) then
                    raise (DivergedException(number + 1, read stepper.State.Step + 1, diagnose batch))

                index <- index + 1

                observer.OnStep
                    {
                        Epoch = number + 1
                        Batch = index
                        Batches = epoch.Count
                        Loss = loss
                    }

            if index = epoch.Count then
                finishEpoch watch.Elapsed.TotalSeconds observer

        isOver ()

    /// A function of parameters, seed, batch size and a set: means over the set's rows of the objective's numbers. It is compiled once.
    static member Evaluator(engine: Engine, objective: Objective<'P>) : Func<'P, int64, int, Dataset, (string * float) list> =
        let evaluate =
            compileOn engine (fun (parameters, key, batch) -> objective.Evaluate parameters key batch)

        Func<_, _, _, _, _>(fun parameters seed batchSize set ->
            Training<'P>.Measure(evaluate, parameters, TrainingKeys.heldOut seed, batchSize, set))
