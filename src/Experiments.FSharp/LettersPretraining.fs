namespace Functional.Experiments

open Functional
open Functional.Core

/// Capitals of four fonts, one of which no training row shows: a network with one hidden layer, a deep one from random weights, and the same
/// with layers that were restricted Boltzmann machines first. Settings are the lecture's, whose gradients are sums over a batch where ours
/// are means: hence its rate times the batch.
[<RequireQualifiedAccess>]
module LettersPretraining =
    let private rate = 0.001

    /// The rows of the lecture's three sets.
    type private Sets =
        {
            Train: Dataset
            Validation: Dataset
            Test: Dataset
        }

    /// Held-out rows have a fourth font and more noise. Letters do not move: the lecture tells of noise only.
    let private trainingNoise: LetterNoise =
        {
            Flip = 0.03f
            Shift = 0
            Sigma = 0.1f
        }

    let private heldOutNoise: LetterNoise =
        {
            Flip = 0.12f
            Shift = 0
            Sigma = 0.15f
        }

    let private setsOf (seed: int64) : Sets =
        let key = Threefry.split (Threefry.ofSeed seed)

        {
            Train = Letters.trainingWith trainingNoise (key 0)
            Validation = Letters.heldOutWith heldOutNoise (key 1)
            Test = Letters.heldOutWith heldOutNoise (key 2)
        }

    let private gains low high bonus penalty =
        Some
            {
                Low = low
                High = high
                Bonus = bonus
                Penalty = penalty
            }

    /// Sigmoid layers with random weights, and a unit for each letter.
    let private random (seed: int64) (hidden: int list) : Classifier =
        let specs =
            hidden
            |> List.collect (fun units -> [ LayerSpec.dense units; LayerSpec.Activation Activation.Sigmoid ])

        Classifier.create specs Letters.classes.Length (Key.foldIn -1 (Key.ofSeed seed)) [ Letters.Side * Letters.Side ]

    /// How a network learns the letters: by all rows at once.
    type private Descent =
        {
            Momentum: float
            Gains: LocalGains option
            /// The factor of half the sum of squared weights in the price of the whole batch.
            Decay: float
            Epochs: int
            /// How much above its least the held-out loss may rise before training ends.
            Rise: float
        }

    let private draw (context: Context) (label: string) (epochs: Map<string, float> list) =
        let curve name =
            let values = epochs |> List.rev |> List.map (Map.find name) |> List.toArray
            Array.init values.Length (fun epoch -> float (epoch + 1)), values

        let series title name =
            Series(title, fst (curve name), snd (curve name))

        (Charts.Lines(label, "epoch", "loss", [ series "training" "loss"; series "validation" "val_loss" ]))
            .SaveSvg(context |> Context.path $"{label}.svg")

    let private learn (context: Context) (sets: Sets) (label: string) (descent: Descent) (seed: int64) (start: Classifier) : float =
        let rows = sets.Train.Count

        let options =
            { TrainingOptions.defaults with
                Epochs = descent.Epochs
                BatchSize = rows
                Seed = seed
                Optimizer =
                    { Optimizer.momentum (rate * float rows) descent.Momentum with
                        Gains = descent.Gains
                    }
                Regularizer = Regularizer.l2 (0.5 * descent.Decay / float rows)
            }

        let objective = Classifier.objective []

        let network, epochs =
            CoreRun.until
                (CoreRun.rises "val_loss" descent.Rise)
                context
                label
                (Phase.only objective)
                options
                start
                sets.Train
                (Some sets.Validation)

        if seed = context.Seeds.Head then
            draw context label epochs

        100.0 * (CoreRun.measure context objective network sets.Test)["accuracy"]

    /// The three lower layers as machines, one after the other, each until its held-out reconstructions get worse.
    let private pretrain (context: Context) (sets: Sets) (hidden: int list) (seed: int64) : Dbn =
        let batchSize = 10
        let chain, epochs = context |> Context.choose (35, 15) (5, 4)

        let options =
            { TrainingOptions.defaults with
                Epochs = epochs
                BatchSize = batchSize
                Seed = seed
                Optimizer =
                    { Optimizer.momentum (rate * float batchSize) 0.9 with
                        Gains = gains 0.001 1000.0 0.0005 0.9995
                    }
            }

        let learning =
            { DbnLearning.defaults with
                Layer = Contrast chain
                LayerEpochs = epochs
            }

        let shape = { Hidden = hidden; Classes = None }

        let start =
            Dbn.create shape (Key.foldIn -2 (Key.ofSeed seed)) sets.Train.RowSize
            |> Dbn.start learning (Key.foldIn -4 (Key.ofSeed seed))

        let layer training (index, phase) =
            let rise = if index = 0 then 0.5 else 0.1
            let label = $"machine {index + 1}"

            let training, epochs =
                CoreRun.until
                    (CoreRun.rises "val_reconstruction_error" rise)
                    context
                    label
                    [ phase ]
                    options
                    training
                    sets.Train
                    (Some sets.Validation)

            if seed = context.Seeds.Head then
                draw context label epochs

            training

        Dbn.phases shape learning (epochs * hidden.Length)
        |> List.indexed
        |> List.fold layer start
        |> _.Net

    let private measure (context: Context) (seed: int64) : Row list =
        let sets = setsOf seed
        let hidden = [ 100; 300; 100; 50 ]
        let deep = random seed hidden

        let shallow =
            random seed [ 100 ]
            |> learn
                context
                sets
                "one hidden layer"
                {
                    Momentum = 0.9
                    Gains = gains 0.1 10.0 0.05 0.95
                    Decay = 0.0
                    Epochs = 2000
                    Rise = 0.05
                }
                seed

        let without =
            deep
            |> learn
                context
                sets
                "random weights"
                {
                    Momentum = 0.0
                    Gains = None
                    Decay = 0.1
                    Epochs = context |> Context.choose 2000 100
                    Rise = 0.001
                }
                seed

        let machines = pretrain context sets (List.take 3 hidden) seed
        let layers = Dbn.encoderLayers 0.0 machines

        let pretrained =
            { deep with
                Layers = layers @ List.skip layers.Length deep.Layers
            }
            |> learn
                context
                sets
                "pretrained"
                {
                    Momentum = 0.9
                    Gains = gains 0.01 100.0 0.005 0.995
                    Decay = 0.0
                    Epochs = 2000
                    Rise = 0.01
                }
                seed

        let right what published value =
            Row.measured $"{what}: test rows right" value
            |> Row.inUnit "%"
            |> Row.shown "F1"
            |> Row.published published

        [
            right "841-100-26" 74.0 shallow |> Row.atLeast 74.0
            right "841-100-300-100-50-26, random weights" 1.0 without
            right "841-100-300-100-50-26, pretrained" 85.6 pretrained
            |> Row.atLeast (context |> Context.choose 85.6 74.0)
        ]

    let experiment =
        {
            Id = "letters-pretraining"
            Title = "Letters: a shallow network, and a deep one without and with pretraining by Boltzmann machines"
            Source = "lecture 19.3, experiments"
            Needs = []
            Seeds = 3
            Run = fun context -> context |> Context.overSeeds (measure context)
        }
