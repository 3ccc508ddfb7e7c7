namespace Functional.Core

/// One step of training as a pure function of the state and a batch.
[<RequireQualifiedAccess>]
module internal TrainingStep =
    let private isFrozen (options: TrainingOptions) (phase: Phase<'P>) =
        Frozen.covers (options.Frozen @ phase.Frozen)

    let optimizerOf (options: TrainingOptions) (phase: Phase<'P>) =
        phase.Optimizer |> Option.defaultValue options.Optimizer

    /// What is minimised, the numbers to report, and the parameters with new carried tensors. Frozen weights have no price.
    let loss (options: TrainingOptions) (phase: Phase<'P>) (parameters: 'P) (input: StepInput) =
        let outcome = phase.Objective.Loss parameters input
        let moving = Frozen.still (isFrozen options phase) parameters

        let priced =
            match Regularizer.cost options.Regularizer moving with
            | Some price -> outcome.Loss + price
            | None -> outcome.Loss

        priced, ("loss", outcome.Loss) :: outcome.Reported, outcome.Carried

    /// What the next step is given.
    let input (state: TrainingState<'P>) (batch: Batch) : StepInput =
        {
            Key = Key.foldInTensor state.Step state.Key
            Step = state.Step
            Batch = batch
        }

    /// The length of the gradient of all parameters together.
    let private norm (gradient: 'P) =
        Tree.trained gradient
        |> Array.map (Tensor.square >> Tensor.sum >> Tensor.cast Float64)
        |> Array.reduce (+)
        |> Tensor.sqrt

    /// Float64 numbers as a vector with `length` places, the last number in the last of them.
    let private spread (length: int) (numbers: Tensor list) =
        let front, last = List.splitAt (numbers.Length - 1) numbers

        front
        @ List.replicate (length - numbers.Length) (Tensor.zeros Float64 [])
        @ last
        |> Tensor.stack 0

    /// The state after a batch, and the numbers that can tell of a divergence: what was minimised, then those that have limits. A step in
    /// which one is not finite or beyond its limit changes nothing, so that what was learnt is kept and the cause can be looked for.
    let take (options: TrainingOptions) (phase: Phase<'P>) : TrainingState<'P> -> Batch -> TrainingState<'P> * Tensor =
        let isFrozen = isFrozen options phase

        fun state batch ->
            let lossOf parameters =
                let value, reported, carried = loss options phase parameters (input state batch)
                value, (reported, carried)

            let (value, (reported, carried)), gradient =
                valueAndGradWith lossOf state.Parameters

            let gradient = Frozen.still isFrozen gradient

            let moved, optimizer =
                Optimizer.update (optimizerOf options phase) gradient state.Optimizer state.Parameters

            let rows = float batch.Rows.Shape[0]

            let totals =
                [ for _, number in reported -> Tensor.cast Float64 number * rows ]
                @ [ Tensor.full Float64 [] rows ]
                |> spread state.Totals.Count

            let next =
                { state with
                    Parameters = Frozen.choose isFrozen state.Parameters carried moved
                    Optimizer = optimizer
                    Step = state.Step + 1.0
                    Batch = state.Batch + 1.0
                    Totals = state.Totals + totals
                }

            let limits = Limit.among (List.map fst reported) options.Limits
            let known = Map.ofList ((Limit.GradientNorm, norm gradient) :: reported)

            let watched =
                value :: [ for limit in limits.Tail -> known[limit.Name] ]
                |> List.map (Tensor.cast Float64)
                |> Tensor.stack 0

            let isFine = Limit.hold limits watched
            Tree.map2 (Tensor.where isFine) next state, watched

    /// One row of the form of a set's, to see what comes of it.
    let private probe (set: Dataset) : Batch =
        {
            Rows = Tensor.zeros Float32 [ 1; set.RowSize ]
            Labels = set.Labels |> Option.map (fun _ -> Tensor.zeros DType.Int32 [ 1 ])
            Weights = set.Weights |> Option.map (fun _ -> Tensor.ones Float32 [ 1 ])
        }

    /// The names of what a phase reports for rows like those of a set.
    let names (options: TrainingOptions) (parameters: 'P) (set: Dataset) (phase: Phase<'P>) : string list =
        let _, reported, _ =
            loss
                options
                phase
                parameters
                {
                    Key = Key.ofSeed options.Seed
                    Step = Tensor.zeros DType.Int32 []
                    Batch = probe set
                }

        List.map fst reported

    /// The names of what a phase reports for held-out rows like those of a set.
    let heldOutNames (options: TrainingOptions) (parameters: 'P) (set: Dataset) (phase: Phase<'P>) : string list =
        phase.Objective.Evaluate parameters (Key.ofSeed options.Seed) (probe set)
        |> List.map fst
