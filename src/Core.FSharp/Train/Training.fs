namespace Functional.Core

open System
open System.Diagnostics
open System.Threading
open Functional.Core.Engines

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

    let phases =
        phases
        |> List.map (PreparedPhase.make engine options parameters train)
        |> List.toArray

    let stepsOf (index: int) state =
        PhaseSteps(engine, options, phases[index], state)

    /// The state before the first step of a training that begins with a phase.
    let initialOf index =
        PreparedPhase.start options parameters phases index

    let initial = initialOf 0

    do Limit.check (phases |> Seq.collect _.Names |> Seq.distinct |> Seq.toList) options.Limits

    let mutable phase = 0
    let mutable steps = stepsOf 0 initial
    let mutable kept: 'P option = None
    let mutable good: TrainingState<'P> option = None

    let read (counter: Tensor) = counter.ToInt32s()[0]

    /// A state of another phase, whose optimizer is another.
    let change index (state: TrainingState<'P>) =
        phase <- index
        steps <- stepsOf index state

    /// Goes to the phase that epoch number `epoch` belongs to; it begins with a new optimizer.
    let enter epoch =
        let index = Phase.at (phases |> Array.map _.Phase |> Array.toList) epoch

        if index <> phase then
            change
                index
                { steps.State with
                    Optimizer = Optimizer.init phases[index].Optimizer steps.State.Parameters
                    Phase = Tensor.full DType.Int32 [] (float index)
                    Best = initial.Best
                }

    let diagnose (batch: Batch) =
        let state = steps.State

        let named =
            Seq.append
                [ "the data", batch.Rows ]
                (Tree.leaves state.Parameters
                 |> Seq.map (fun leaf -> "parameter " + leaf.Path, leaf.Tensor))

        let loss, _, _ =
            TrainingStep.loss options phases[phase].Phase state.Parameters (TrainingStep.input state batch)

        Diagnosis.firstNonFinite named loss

    let finishEpoch (seconds: float) (observer: TrainingObserver) =
        let state = steps.State
        let totals: float[] = state.Totals.ToFloat64s()
        let rows = Array.last totals

        let trained =
            phases[phase].Names |> List.mapi (fun i name -> name, totals[i] / rows)

        let epoch = read state.Epoch + 1

        let heldOut =
            match validation with
            | Some set -> phases[phase].Evaluate.Value.Invoke(state.Parameters, options.Seed, options.BatchSize, set)
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

        steps.State <- finished

        observer.OnEpoch
            {
                Epoch = epoch
                Step = read finished.Step
                Seconds = seconds
                Metrics = List.toArray metrics
                IsBest = isBest
            }

    /// Keeps what the training would go back to: the state that the epoch began with.
    let keepGood () =
        if options.OnDivergence = OnDivergence.Rollback && read steps.State.Batch = 0 then
            good <- Some(Tree.copy steps.State)

    /// What a further step would find wrong with the state that an epoch ends in: a training must not go back to such a state.
    let faultAtEnd (epoch: Epoch) =
        if options.OnDivergence = OnDivergence.Stop then
            None
        else
            let ending = Tree.copy steps.State
            let numbers = steps.Take(phases[phase].Batches.Read epoch 0)
            steps.State <- ending
            Limit.broken phases[phase].Limits numbers.Doubles

    /// Goes back to the last good state with half its rate. Throws DivergedException when the options say so, or that was tried in vain.
    let goBack (fault: string) (batch: Batch) (observer: TrainingObserver) =
        let epoch, step = read steps.State.Epoch + 1, read steps.State.Step + 1

        match good with
        | Some state when (state.Optimizer.RateFactor.ToScalar(): float) > Limit.LeastRateFactor ->
            let factor = 0.5 * state.Optimizer.RateFactor.ToScalar()

            let state =
                { state with
                    Optimizer =
                        { state.Optimizer with
                            RateFactor = Tensor.full Float64 [] factor
                        }
                }

            good <- Some state
            steps.State <- state

            observer.OnRollback
                {
                    Epoch = epoch
                    Step = step
                    Fault = fault
                    RateFactor = factor
                }
        | _ -> raise (DivergedException(epoch, step, fault, diagnose batch))

    let isOver () =
        read steps.State.Epoch >= options.Epochs || read steps.State.Stopped = 1

    new(engine, objective: Objective<'P>, options, parameters: 'P, train, validation) =
        Training(engine, Phase.only objective, options, parameters, train, validation)

    /// Everything that steps change; between two steps it may be replaced by another of the same form.
    member _.State
        with get () = steps.State
        and set (state: TrainingState<'P>) = steps.State <- state

    /// The parameters as they are now; between two steps they may be replaced by others of the same form.
    member _.Parameters
        with get () = steps.State.Parameters
        and set (parameters: 'P) =
            steps.State <-
                { steps.State with
                    Parameters = parameters
                }

    /// Epochs completed.
    member _.Epoch = read steps.State.Epoch

    /// Steps taken.
    member _.StepCount = read steps.State.Step

    /// A factor on the optimizer's rate, more than 0; phases begin with 1.
    member _.RateFactor
        with get () = steps.State.Optimizer.RateFactor.ToScalar()
        and set (factor: float) =
            let state = steps.State

            steps.State <-
                { state with
                    Optimizer =
                        { state.Optimizer with
                            RateFactor = Tensor.full Float64 [] factor
                        }
                }

    /// Bytes that the steps of a full batch take in the phase that takes most, known before the first step: the state, the batch, and what is
    /// computed on the way. The rows of the set come on top.
    member _.PeakBytes: int64 =
        phases
        |> Seq.mapi (fun index phase -> (stepsOf index (initialOf index)).PeakBytes(min options.BatchSize phase.Rows.Count))
        |> Seq.max

    /// The names of the numbers that epochs report, those of all phases in order; held-out ones start with val_.
    member _.MetricNames: string list =
        [
            yield! phases |> Seq.collect _.Names

            match validation with
            | None -> ()
            | Some set ->
                for phase in phases do
                    for name in TrainingStep.heldOutNames options parameters set phase.Phase do
                        "val_" + name
        ]
        |> List.distinct

    /// The parameters as they are now, for as long as they are wanted: steps write over those of `Parameters`.
    member _.Snapshot() : 'P = Tree.copy steps.State.Parameters

    /// Parameters put aside, as the best so far; they are part of what is saved.
    member _.Kept = kept

    /// Puts the parameters aside as they are now.
    member this.Keep() = kept <- Some(this.Snapshot())

    /// Ends the training after this epoch, for good: a resumed training stays stopped.
    member _.Stop() =
        steps.State <-
            { steps.State with
                Stopped = Tensor.ones DType.Int32 []
            }

    /// Writes everything that training continues from, with a map of strings about it.
    member _.Save(path: string, metadata: Map<string, string>) =
        let state = steps.State

        Checkpoint.save
            path
            metadata
            {
                State = state
                Kept = kept
                Good = if read state.Batch = 0 then None else good
            }

    /// Goes on from a file that `Save` wrote, and gives its metadata.
    member _.Restore(path: string) : Map<string, string> =
        let file = Safetensors.read path
        let index = SavedTraining.phase file |> min (phases.Length - 1)

        let saved = SavedTraining.restore path file (initialOf index)

        change index saved.State
        kept <- saved.Kept
        good <- saved.Good
        file.Metadata

    /// Trains to the epochs asked for. False when it was cancelled first: the state then stands between two steps, and training it further
    /// gives the same bits as if it had not stopped. Throws DivergedException when the loss is not finite or a number is beyond its limit,
    /// unless the options say to go back; then when going back has not helped.
    member _.Run(observer: TrainingObserver, cancellation: CancellationToken) : bool =
        let watch = Stopwatch()

        while not (isOver ()) && not cancellation.IsCancellationRequested do
            watch.Restart()
            let number = read steps.State.Epoch
            enter number
            keepGood ()
            let current = phases[phase]
            let epoch = Batches.epoch batching orderKey number current.Rows
            let mutable index = read steps.State.Batch

            while index < epoch.Count && not cancellation.IsCancellationRequested do
                let batch = current.Batches.Read epoch index
                let numbers = steps.Take batch

                match Limit.broken current.Limits numbers.Doubles with
                | Some fault ->
                    goBack fault batch observer
                    index <- read steps.State.Batch
                | None ->
                    index <- index + 1

                    observer.OnStep
                        {
                            Epoch = number + 1
                            Batch = index
                            Batches = epoch.Count
                            Loss = numbers.Doubles[0]
                        }

            if index = epoch.Count then
                match faultAtEnd epoch with
                | Some fault -> goBack fault (current.Batches.Read epoch 0) observer
                | None -> finishEpoch watch.Elapsed.TotalSeconds observer

        isOver ()
