namespace Functional.Experiments

open Functional.Core

/// A classifier from a thousand labels: its hidden layers from random weights, or from a denoising autoencoder that was trained on all
/// images one layer at a time, without labels. The training with labels is the same for both.
[<RequireQualifiedAccess>]
module AutoencoderPretraining =
    let private hidden = [ 500; 500; 250 ]
    let private activation = Activation.Sigmoid

    /// The hidden layers of a denoising autoencoder, a quarter of whose inputs are masked, layer by layer.
    let private pretrained (context: Context) (images: Dataset) (seed: int64) : Layer list =
        let layerEpochs = context |> Context.choose 5 3

        let shape =
            { AutoencoderShape.dense images.RowSize hidden with
                Activation = activation
                IsTied = true
                Loss = CrossEntropy
            }

        let options =
            { TrainingOptions.defaults with
                Epochs = layerEpochs * hidden.Length
                BatchSize = 100
                Seed = seed
            }

        let phases =
            Autoencoder.phases (Masking 0.25) layerEpochs options.Epochs hidden.Length

        let start = Autoencoder.create shape (Key.foldIn -1 (Key.ofSeed seed))

        let model, _ =
            CoreRun.toEnd context "without labels" phases options start images None

        Autoencoder.encoderLayers model

    /// A classifier with random weights.
    let private random (inputs: int) (seed: int64) : Classifier =
        let specs =
            hidden
            |> List.collect (fun units -> [ LayerSpec.Flatten; LayerSpec.dense units; LayerSpec.Activation activation ])

        Classifier.create specs 10 (Key.foldIn -2 (Key.ofSeed seed)) [ inputs ]

    /// The test accuracy in per cent after learning the labels.
    let private fineTune (context: Context) label (labelled: Dataset) (test: Dataset) (seed: int64) (classifier: Classifier) : float =
        let options =
            { TrainingOptions.defaults with
                Epochs = context |> Context.choose 60 30
                BatchSize = 50
                Seed = seed
                Optimizer = Optimizer.adam 0.001
            }

        let _, metrics =
            CoreRun.toEnd context label (Phase.only (Classifier.objective [])) options classifier labelled (Some test)

        100.0 * metrics["val_accuracy"]

    let private measure (context: Context) (seed: int64) : Row list =
        let mnist = context.Data["mnist"]

        let images =
            LabelledRows.toSet "mnist" (mnist.Train.Take(context |> Context.choose 60000 10000))

        let labelled =
            LabelledRows.toSet "labelled" (mnist.Train.Take(context |> Context.choose 1000 300))

        let test = LabelledRows.toSet "mnist test" mnist.Test
        let random = random images.RowSize seed

        let start =
            { random with
                Layers = pretrained context images seed @ [ List.last random.Layers ]
            }

        let without = fineTune context "random weights" labelled test seed random
        let pretrained = fineTune context "pretrained" labelled test seed start

        let accuracy what value =
            Row.measured $"test accuracy from {labelled.Count} labels, {what}" value
            |> Row.inUnit "%"
            |> Row.shown "F2"

        [
            accuracy "random weights" without
            accuracy "pretrained" pretrained
            Row.measured "gain of pretraining" (pretrained - without)
            |> Row.inUnit "points"
            |> Row.shown "F2"
            |> Row.published 4.8
            |> Row.atLeast (context |> Context.choose 2.0 1.0)
        ]

    let experiment =
        {
            Id = "autoencoder-pretraining"
            Title = "A classifier from few labels, with layers of an autoencoder and without"
            Source = "lectures 19.3 (with Boltzmann machines) and 19.4"
            Needs = [ "mnist" ]
            Seeds = 3
            Run = fun context -> context |> Context.overSeeds (measure context)
        }
