namespace Functional.Workloads

open System
open Functional.Core
open Functional.Core.Engines

/// What a few steps from fixed numbers come to: the same in every program that does the same work.
type Trial =
    {
        /// Numbers that are trained.
        Parameters: int
        /// The loss of each step.
        Losses: float list
        /// The root of the sum of squares of what the parameters moved by.
        Movement: float
    }

/// A training step: model, sizes, batch, loss, optimizer, every step's random draws.
type Workload =
    {
        Name: string
        /// Rows in its batch.
        Rows: int
        /// What a machine of two cores needs at least, where that was reckoned: the arithmetic of a step at 229 GFLOP/s and what its
        /// optimizer moves at 34 GB/s, in milliseconds. Algorithms that save arithmetic, such as Winograd's, can go below it.
        LeastMs: float option
        /// The step on an engine, ready to be taken again and again; it gives the loss.
        Prepare: Engine -> (unit -> float)
        /// Three steps from fixed numbers.
        Try: Engine -> Trial
    }

/// What is trained, of parameters 'P on a batch 'B.
type internal Task<'P, 'B> =
    {
        Create: Key -> 'P
        /// Makes fixed parameters such that what a step draws by itself does not matter.
        Silent: 'P -> 'P
        Batch: Draws -> 'B
        Optimizer: Optimizer
        /// The loss and what the optimizer takes for its gradient.
        Gradient: Draws -> Key -> 'B -> 'P -> Tensor * 'P
    }

[<RequireQualifiedAccess>]
module internal Task =
    type private State<'P> =
        {
            Parameters: 'P
            Optimizer: OptimizerState<'P>
            Key: Key
        }

    let private start (task: Task<'P, 'B>) (draws: Draws) engine =
        let step state batch =
            let key = Key.foldInTensor state.Optimizer.Step state.Key
            let loss, gradient = task.Gradient draws key batch state.Parameters

            let parameters, optimizer =
                Optimizer.update task.Optimizer gradient state.Optimizer state.Parameters

            { state with
                Parameters = parameters
                Optimizer = optimizer
            },
            loss

        let parameters = Draws.parameters draws task.Silent (task.Create(Key.ofSeed 0L))

        Stepper(
            engine,
            step,
            {
                Parameters = parameters
                Optimizer = Optimizer.init task.Optimizer parameters
                Key = Key.ofSeed 3L
            }
        )

    let private attempt (task: Task<'P, 'B>) (engine: Engine) =
        let stepper = start task Draws.Fixed engine
        let step = stepper.On(task.Batch Draws.Fixed)

        let numbers () =
            Tree.trained stepper.State.Parameters |> Array.collect _.ToFloat64s()

        let before = numbers ()
        let losses = [ for _ in 1..3 -> step.Run().ToScalar() ]

        {
            Parameters = before.Length
            Losses = losses
            Movement =
                Array.map2 (fun (a: float) b -> (a - b) ** 2.0) before (numbers ())
                |> Array.sum
                |> sqrt
        }

    /// A workload of a task.
    let workload name rows (task: Task<'P, 'B>) : Workload =
        {
            Name = name
            Rows = rows
            LeastMs = None
            Prepare =
                fun engine ->
                    let step = (start task Draws.Random engine).On(task.Batch Draws.Random)
                    fun () -> step.Run().ToScalar()
            Try = attempt task
        }

    /// The gradient of a loss.
    let ofLoss (loss: Key -> 'B -> 'P -> Tensor) : Draws -> Key -> 'B -> 'P -> Tensor * 'P =
        fun _ key batch parameters -> valueAndGrad (loss key batch) parameters
