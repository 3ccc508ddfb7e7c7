namespace Functional.Experiments

open System
open Functional
open Functional.Core

/// Digits by a deep belief net that is fine-tuned, and by the same network from random weights: with all labels, and with a thousand.
[<RequireQualifiedAccess>]
module DbnMnist =
    let private hidden = [ 500; 500; 2000 ]
    let private classes = 10

    /// How a classifier learns labels: Adam, whose rate falls to 0 along half a cosine.
    type private Tuning =
        {
            Epochs: int
            BatchSize: int
            Dropout: float
        }

    /// The machines on all images, without their labels.
    let private pretrain (context: Context) (images: Dataset) (seed: int64) : Dbn =
        let layerEpochs = context |> Context.choose 15 3

        let options =
            { TrainingOptions.defaults with
                Epochs = layerEpochs * hidden.Length
                BatchSize = 100
                Seed = seed
                Optimizer = Optimizer.momentum 0.05 0.9
                Regularizer = Regularizer.l2 0.0001
            }

        let learning =
            { DbnLearning.defaults with
                LayerEpochs = layerEpochs
            }

        let shape = { Hidden = hidden; Classes = None }

        let start =
            Dbn.create shape (Key.foldIn -1 (Key.ofSeed seed)) images.RowSize
            |> Dbn.start learning (Key.foldIn -4 (Key.ofSeed seed))

        let training, _ =
            CoreRun.toEnd context "without labels" (Dbn.phases shape learning options.Epochs) options start images None

        training.Net

    /// The same layers, with random weights.
    let private random (dropout: float) (inputs: int) (seed: int64) : Classifier =
        let layer units =
            [
                LayerSpec.dense units
                LayerSpec.Activation Activation.Sigmoid
                if dropout > 0.0 then
                    LayerSpec.Dropout dropout
            ]

        Classifier.create (List.collect layer hidden) classes (Key.foldIn -2 (Key.ofSeed seed)) [ inputs ]

    /// The test error in per cent after learning the labels.
    let private tune
        (context: Context)
        label
        (tuning: Tuning)
        (labelled: Dataset)
        (test: Dataset)
        (seed: int64)
        (start: Classifier)
        : float =
        let steps = (labelled.Count + tuning.BatchSize - 1) / tuning.BatchSize

        let options =
            { TrainingOptions.defaults with
                Epochs = tuning.Epochs
                BatchSize = tuning.BatchSize
                Seed = seed
                Optimizer =
                    { Optimizer.adam 0.001 with
                        Schedule = Cosine(tuning.Epochs * steps, 0.0)
                    }
            }

        let objective = Classifier.objective []

        let classifier, _ =
            CoreRun.toEnd context label (Phase.only objective) options start labelled None

        let error =
            100.0 * (1.0 - (CoreRun.measure context objective classifier test)["accuracy"])

        context.Report $"{label}: test error {error:F2} %%"
        error

    /// The test errors of the pretrained network and of the one from random weights.
    let private errors
        (context: Context)
        label
        (tuning: Tuning)
        (dbn: Dbn)
        (labelled: Dataset)
        (test: Dataset)
        (seed: int64)
        : float * float =
        let random = random tuning.Dropout labelled.RowSize seed

        let pretrained =
            { random with
                Layers = Dbn.encoderLayers tuning.Dropout dbn @ [ List.last random.Layers ]
            }

        let tune what =
            tune context $"{label}, {what}" tuning labelled test seed

        tune "pretrained" pretrained, tune "random weights" random

    /// Digits that the net draws by chains that begin at test rows, and what a hundred units of its first layer look for: grey for no weight.
    let private pictures (context: Context) (dbn: Dbn) (test: Dataset) (seed: int64) =
        let save name columns (values: Tensor) =
            DataRows.Of(ReadOnlySpan(values.ToFloat32s()), ReadOnlySpan [| 28; 28 |]).SavePng(Context.path name context, columns)

        let weights = Tensor.transpose dbn.Layers.Head.Weight |> Tensor.slice 0 0 100
        let largest = Tensor.maxOver [ 1 ] (Tensor.abs weights) |> Tensor.reshape [ -1; 1 ]
        save "features.png" 10 (0.5 + 0.5 * weights / largest)
        let rows = Tensor.ofFloat32s [ 100; test.RowSize ] (Dataset.take 100 test).Features
        save "samples.png" 10 (Dbn.sampleFrom 10 (Key.foldIn -3 (Key.ofSeed seed)) dbn rows)

    let private measure (context: Context) (seed: int64) : Row list =
        let mnist = context.Data["mnist"]

        let images =
            LabelledRows.toSet "mnist" (mnist.Train.Take(context |> Context.choose 60000 10000))

        let test =
            LabelledRows.toSet "mnist test" (mnist.Test.Take(context |> Context.choose 10000 2000))

        let dbn = pretrain context images seed
        pictures context dbn test seed

        let all =
            {
                Epochs = context |> Context.choose 20 5
                BatchSize = 100
                Dropout = 0.2
            }

        let few =
            { all with
                Epochs = context |> Context.choose 60 30
                BatchSize = 50
            }

        let pretrained, random = errors context "all labels" all dbn images test seed

        // The same machines with other labelled rows, other random weights and another order.
        let fromFew draw =
            let key = Key.words (Key.foldIn draw (Key.ofSeed seed))
            let labelled = Dataset.balanced key (context |> Context.choose 1000 300) images
            errors context $"few labels, draw {draw + 1}" few dbn labelled test (seed + int64 draw)

        let draws = List.init (context |> Context.choose 3 1) fromFew
        let overDraws measure = draws |> List.map measure |> Row.median

        let percent what value =
            Row.measured what value |> Row.inUnit "%" |> Row.shown "F2"

        [
            percent "test error, all labels, pretrained" pretrained
            |> Row.published 1.34
            |> Row.atMost (context |> Context.choose 1.5 10.0)
            percent "test error, all labels, random weights" random
            percent "test accuracy, 1000 labels, pretrained" (overDraws (fun (error, _) -> 100.0 - error))
            |> Row.published 93.5
            percent "test accuracy, 1000 labels, random weights" (overDraws (fun (_, error) -> 100.0 - error))
            |> Row.published 88.7
            Row.measured "gain of pretraining, 1000 labels" (overDraws (fun (pretrained, random) -> random - pretrained))
            |> Row.inUnit "points"
            |> Row.shown "F2"
            |> Row.published 4.8
            |> Row.atLeast (context |> Context.choose 3.0 1.0)
        ]

    let experiment =
        {
            Id = "dbn-mnist"
            Title = "Digits by a deep belief net, and by the same network from random weights"
            Source = "Hinton, Osindero & Teh 2006; lecture 19.1"
            Needs = [ "mnist" ]
            Seeds = 1
            Run = fun context -> context |> Context.overSeeds (measure context)
        }
