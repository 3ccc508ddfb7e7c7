namespace Functional.Experiments

open Functional

/// The lecture's deep autoencoder 784-300-150-300-784 on MNIST: by its recipe, one layer at a time, and by a better recipe.
[<RequireQualifiedAccess>]
module StackedAutoencoder =
    type internal Recipe =
        {
            Label: string
            LayerEpochs: int
            Epochs: int
            Optimizer: Optimizer
            Schedule: Schedule
            Regularizer: Regularizer
            Initialisation: Initialisation
            /// The most that the test error may be, and when quick.
            Bounds: float * float
        }

    let private hidden = [| 300; 150 |]
    let private epochs, batchSize = 5, 150
    let private rowCount (context: Context) = context |> Context.choose 60000 12000

    /// The lecture's price on weights is half its strength times Σw², as its framework has it; the strength is 10⁻⁴. All its layers are drawn
    /// as He et al. do, the linear one too.
    let private lecture =
        {
            Label = "lecture's recipe"
            LayerEpochs = 0
            Epochs = epochs
            Optimizer = Optimizers.Adam 0.01
            Schedule = Schedules.Constant
            Regularizer = Regularizers.L2 0.00005
            Initialisation = Initialisation.HeNormal
            Bounds = 0.0107, 0.03
        }

    /// Each layer as long as the lecture trains the whole, and nothing after.
    let internal oneLayerAtATime =
        { lecture with
            Label = "one layer at a time"
            LayerEpochs = epochs
            Epochs = epochs * hidden.Length
            Bounds = 0.02, 0.02
        }

    /// No price on weights, a rate that falls to 0, and smaller weights in the linear layer.
    let private better (context: Context) =
        let steps = (rowCount context + batchSize - 1) / batchSize

        { lecture with
            Label = "better recipe"
            Optimizer = Optimizers.Adam 0.002
            Schedule = Schedules.Cosine(epochs * steps, 0.0)
            Regularizer = Regularizers.None
            Initialisation = Initialisation.Automatic
            Bounds = 0.0060, 0.015
        }

    /// A model of MNIST's training rows, with its run folder. He's initialisation comes with ELU.
    let internal train (context: Context) (recipe: Recipe) (seed: int64) : AutoencoderModel =
        let options =
            AutoencoderOptions(
                Hidden = hidden,
                Activation = Activation.Elu,
                LayerEpochs = recipe.LayerEpochs,
                Epochs = recipe.Epochs,
                BatchSize = batchSize,
                Optimizer = recipe.Optimizer,
                Schedule = recipe.Schedule,
                Regularizer = recipe.Regularizer,
                Initialisation = recipe.Initialisation,
                Seed = seed,
                Threads = context.Threads,
                Callbacks = [| Callbacks.Checkpoint(Context.path $"{recipe.Label}-{seed}" context) |]
            )

        let rows = context.Data["mnist"].Train.Take(rowCount context)
        Models.Autoencoder.Train(rows, options, Context.progress recipe.Label context, context.Cancellation)

    let private testRow (context: Context) (seed: int64) (recipe: Recipe) : Row =
        let test = context.Data["mnist"].Test
        let model = train context recipe seed

        if seed = context.Seeds.Head then
            let some = test.Take 16
            some.SavePng(Context.path $"{recipe.Label}.png" context, 16, model.Reconstruct some)

        Row.measured $"{recipe.Label}: test MSE" (model.Evaluate(test)["mse"])
        |> Row.atMost (recipe.Bounds ||> Context.choose <| context)

    let private measure (context: Context) (seed: int64) : Row list =
        [
            testRow context seed lecture |> Row.published 0.0104
            testRow context seed oneLayerAtATime
            testRow context seed (better context)
        ]

    let experiment =
        {
            Id = "stacked-autoencoder"
            Title = "A deep autoencoder 784-300-150-300-784 on MNIST"
            Source = "lecture 18.5"
            Needs = [ "mnist" ]
            Seeds = 3
            Run = fun context -> context |> Context.overSeeds (measure context)
        }
