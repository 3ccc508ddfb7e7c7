namespace Functional.Core

/// One step of training as a pure function of the state and a batch.
[<RequireQualifiedAccess>]
module internal TrainingStep =
    let private isFrozen (options: TrainingOptions) (phase: Phase<'P>) =
        Frozen.covers (options.Frozen @ phase.Frozen)

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

    /// The state after a batch, and what was minimised. A step whose loss is not finite changes nothing, so that what was learnt is kept
    /// and the cause can be looked for.
    let take (options: TrainingOptions) (phase: Phase<'P>) : TrainingState<'P> -> Batch -> TrainingState<'P> * Tensor =
        let isFrozen = isFrozen options phase

        fun state batch ->
            let lossOf parameters =
                let value, reported, carried = loss options phase parameters (input state batch)
                value, (reported, carried)

            let (value, (reported, carried)), gradient =
                valueAndGradWith lossOf state.Parameters

            let moved, optimizer =
                Optimizer.update options.Optimizer (Frozen.still isFrozen gradient) state.Optimizer state.Parameters

            let rows = float batch.Rows.Shape[0]

            let totals =
                [ for _, number in reported -> Tensor.cast Float64 number * rows ]
                @ [ Tensor.full Float64 [] rows ]
                |> Tensor.stack 0

            let next =
                { state with
                    Parameters = Frozen.choose isFrozen state.Parameters carried moved
                    Optimizer = optimizer
                    Step = state.Step + 1.0
                    Batch = state.Batch + 1.0
                    Totals = state.Totals + totals
                }

            let isFinite = Tensor.lt (Tensor.abs value) (Tensor.fullLike value infinity)
            Tree.map2 (Tensor.where isFinite) next state, value

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
