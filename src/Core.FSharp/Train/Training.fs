namespace Functional.Core

open System
open System.Diagnostics
open System.Threading
open Functional.Core.Engines

/// What happened in one epoch.
type EpochReport =
    {
        /// Counted from 1.
        Epoch: int
        /// Optimizer steps since the beginning.
        Step: int
        Seconds: float
        /// Values by name, in order; held-out ones start with val_.
        Metrics: (string * float)[]
        /// Whether the monitored value (val_loss, or loss without validation rows) is the least so far.
        IsBest: bool
    }

/// Where training stands between two steps.
[<Struct>]
type StepReport =
    {
        /// Counted from 1.
        Epoch: int
        /// Batches of this epoch done, of so many.
        Batch: int
        Batches: int
        Loss: float
    }

/// Who wants to know how training goes.
type TrainingObserver =
    abstract OnStep: StepReport -> unit
    /// Called when an epoch is complete; the training's state can be read and saved.
    abstract OnEpoch: EpochReport -> unit

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

/// A training of a model with parameters 'P on one set of rows: a state that steps fold batches into.
[<Sealed>]
type Training<'P>
    (engine: Engine, objective: Objective<'P>, options: TrainingOptions, parameters: 'P, train: Dataset, validation: Dataset option) =
    let orderKey = Key.words (TrainingKeys.order options.Seed)

    let batching =
        { Batches.defaults with
            Size = options.BatchSize
        }

    let batches = BatchReader train

    let lossOf parameters key (batch: Batch) =
        let loss, reported = objective.Loss parameters key batch

        let priced =
            match Regularizer.cost options.Regularizer parameters with
            | Some price -> loss + price
            | None -> loss

        priced, ("loss", loss) :: reported

    let stepKey (state: TrainingState<'P>) =
        Key.foldInTensor state.Optimizer.Step state.Key

    let step (state: TrainingState<'P>) (batch: Batch) =
        let (loss, reported), gradient =
            valueAndGradWith (fun parameters -> lossOf parameters (stepKey state) batch) state.Parameters

        let parameters, optimizer =
            Optimizer.update options.Optimizer gradient state.Optimizer state.Parameters

        let rows = float batch.Rows.Shape[0]

        let totals =
            [ for _, value in reported -> Tensor.cast Float64 value * rows ]
            @ [ Tensor.full Float64 [] rows ]
            |> Tensor.stack 0

        let next =
            { state with
                Parameters = parameters
                Optimizer = optimizer
                Batch = state.Batch + 1.0
                Totals = state.Totals + totals
            }

        // A step whose loss is not finite changes nothing, so that what was learnt is kept and the cause can be looked for.
        let isFinite = Tensor.lt (Tensor.abs loss) (Tensor.fullLike loss infinity)
        Tree.map2 (Tensor.where isFinite) next state, loss

    let metricNames =
        lazy
            (let row =
                {
                    Rows = Tensor.zeros Float32 [ 1; train.RowSize ]
                    Labels = train.Labels |> Option.map (fun _ -> Tensor.zeros DType.Int32 [ 1 ])
                }

             lossOf parameters (TrainingKeys.steps options.Seed) row |> snd |> List.map fst)

    let initial () =
        {
            Parameters = parameters
            Optimizer = Optimizer.init options.Optimizer parameters
            Key = TrainingKeys.steps options.Seed
            Epoch = Tensor.zeros DType.Int32 []
            Batch = Tensor.zeros DType.Int32 []
            Totals = Tensor.zeros Float64 [ metricNames.Value.Length + 1 ]
            Best = Tensor.full Float64 [] infinity
        }

    let stepper = Stepper(engine, step, initial ())

    let evaluator = Training<'P>.Evaluator(engine, objective)

    let read (counter: Tensor) = counter.ToInt32s()[0]

    let diagnose (batch: Batch) =
        let state = stepper.State

        let named =
            Seq.append
                [ "the data", batch.Rows ]
                (Tree.leaves state.Parameters
                 |> Seq.map (fun leaf -> "parameter " + leaf.Path, leaf.Tensor))

        Diagnosis.firstNonFinite named (fst (lossOf state.Parameters (stepKey state) batch))

    let finishEpoch (seconds: float) (observer: TrainingObserver) =
        let state = stepper.State
        let totals: float[] = state.Totals.ToFloat64s()
        let rows = Array.last totals
        let trained = metricNames.Value |> List.mapi (fun i name -> name, totals[i] / rows)
        let epoch = read state.Epoch + 1

        let heldOut =
            match validation with
            | Some set -> evaluator.Invoke(state.Parameters, options.Seed, options.BatchSize, set)
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
                Step = read finished.Optimizer.Step
                Seconds = seconds
                Metrics = List.toArray metrics
                IsBest = isBest
            }

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

    /// Everything that training continues from.
    member _.State = stepper.State

    /// The parameters as they are now.
    member _.Parameters = stepper.State.Parameters

    /// Epochs completed.
    member _.Epoch = read stepper.State.Epoch

    /// Goes on from a state that was saved.
    member _.Restore(saved: TrainingState<'P>) = stepper.State <- saved

    /// Trains to the epochs asked for. False when it was cancelled first: the state then stands between two steps, and training it further
    /// gives the same bits as if it had not stopped. Throws DivergedException when the loss is not finite.
    member _.Run(observer: TrainingObserver, cancellation: CancellationToken) : bool =
        let watch = Stopwatch()

        while read stepper.State.Epoch < options.Epochs
              && not cancellation.IsCancellationRequested do
            watch.Restart()
            let number = read stepper.State.Epoch
            let epoch = Batches.epoch batching orderKey number train
            let mutable index = read stepper.State.Batch

            while index < epoch.Count && not cancellation.IsCancellationRequested do
                let batch = batches.Read epoch index
                let loss = (stepper.Step batch).ToScalar()

                if not (Double.IsFinite loss) then
                    raise (DivergedException(number + 1, read stepper.State.Optimizer.Step + 1, diagnose batch))

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

        read stepper.State.Epoch >= options.Epochs

    /// A function of parameters, seed, batch size and a set: means over the set's rows of the objective's numbers. It is compiled once.
    static member Evaluator(engine: Engine, objective: Objective<'P>) : Func<'P, int64, int, Dataset, (string * float) list> =
        let evaluate =
            compileOn engine (fun (parameters, key, batch) -> objective.Evaluate parameters key batch)

        Func<_, _, _, _, _>(fun parameters seed batchSize set ->
            Training<'P>.Measure(evaluate, parameters, TrainingKeys.heldOut seed, batchSize, set))
