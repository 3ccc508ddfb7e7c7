namespace Functional.Experiments

open System
open System.Collections.Generic
open Functional

/// A softmax layer on what the hidden units of a restricted Boltzmann machine make of images, which it learnt without labels: by the
/// lecture's recipe, and by a better one.
[<RequireQualifiedAccess>]
module RbmMnist =
    /// A way to train the machine, and what the softmax layer on it is to reach.
    type private Recipe =
        {
            Label: string
            /// Images as the machine is given them.
            Prepare: DataRows -> DataRows
            Options: RbmOptions
            /// Per cent of the test images.
            Bound: float
            Published: float option
        }

    let private stepsOf epochs batchSize (rows: DataRows) =
        epochs * ((rows.Count + batchSize - 1) / batchSize)

    /// Images whose pixels above 0 are 1, as the lecture has them.
    let private blackAndWhite (images: DataRows) : DataRows =
        let pixels =
            images.Values.ToArray()
            |> Array.map (fun pixel -> if pixel > 0.0f then 1.0f else 0.0f)

        DataRows.Of(ReadOnlySpan pixels, ReadOnlySpan(Seq.toArray images.RowShape))

    /// The lecture's: states at both ends of two turns, plain descent along the mean over the batch.
    let private lecture (context: Context) (seed: int64) =
        {
            Label = "the lecture's recipe"
            Prepare = blackAndWhite
            Options =
                RbmOptions(
                    GibbsSteps = 2,
                    PersistentChains = 0,
                    Centring = 0.0,
                    Update = RbmUpdate.Sampled,
                    Optimizer = Optimizers.Sgd(context |> Context.choose 0.001 0.1),
                    BatchSize = 256,
                    Epochs = (context |> Context.choose 200 4),
                    Seed = seed,
                    Threads = context.Threads
                )
            Bound = context |> Context.choose 93.36 85.0
            Published = Some 93.36
        }

    /// Grey levels, means instead of states, momentum, a price on large weights, and a rate that falls.
    let private ours (context: Context) (rows: DataRows) (seed: int64) =
        let epochs, batchSize = context |> Context.choose 30 2, 100

        {
            Label = "our recipe"
            Prepare = id
            Options =
                RbmOptions(
                    PersistentChains = 0,
                    Centring = 0.0,
                    Optimizer = Optimizers.Momentum(0.1, 0.9),
                    Schedule = Schedules.Cosine(stepsOf epochs batchSize rows, 0.01),
                    Regularizer = Regularizers.L2 0.0001,
                    BatchSize = batchSize,
                    Epochs = epochs,
                    Seed = seed,
                    Threads = context.Threads
                )
            Bound = context |> Context.choose 97.0 90.0
            Published = None
        }

    /// What the hidden units make of images, with the images' labels.
    let private coded (recipe: Recipe) (rbm: RbmModel) (images: DataRows) : DataRows =
        let codes: DataRows = DataRows.op_Implicit (rbm.Encode(recipe.Prepare images))
        codes.WithLabels(ReadOnlySpan(Seq.toArray (nonNull images.Labels)))

    /// The share of test rows that a softmax layer alone takes for what they are.
    let private softmax (context: Context) label (seed: int64) (train: DataRows) (test: DataRows) : float =
        let epochs, batchSize = context |> Context.choose 10 3, 100

        let options =
            MlpOptions(
                Hidden = [||],
                Optimizer = Optimizers.Adam(context |> Context.choose 0.002 0.005),
                Schedule = Schedules.Cosine(stepsOf epochs batchSize train, 0.0),
                BatchSize = batchSize,
                Epochs = epochs,
                Seed = seed,
                Threads = context.Threads
            )

        let layer =
            Models.Mlp.Train(train, options, Context.progress $"{label}, softmax" context, context.Cancellation)

        let accuracy = layer.Evaluate(test)["accuracy"]
        context.Report $"{label}: test accuracy {100.0 * accuracy:F2} %%"
        accuracy

    let private pictures (context: Context) (recipe: Recipe) (rbm: RbmModel) (images: DataRows) =
        let save name (rows: DataRows) below =
            rows.SavePng(Context.path $"{recipe.Label}-{name}.png" context, 20, below)

        save "features" (rbm.FeatureMaps().Take 200) [||]
        save "samples" (rbm.Sample 100) [||]
        save "reconstructions" (images.Take 20) [| rbm.Reconstruct(images.Take 20) |]

    let private measure (context: Context) (images: DataRows) (test: DataRows) (seed: int64) (recipe: Recipe) : Row list =
        let train, heldOut = recipe.Prepare images, recipe.Prepare test

        let rbm =
            Models.Rbm.Train(train, recipe.Options, Context.progress recipe.Label context, context.Cancellation)

        if seed = context.Seeds.Head then
            pictures context recipe rbm heldOut

        let percent what value =
            Row.measured $"{what}, {recipe.Label}" (100.0 * value)
            |> Row.inUnit "%"
            |> Row.shown "F2"

        let accuracy =
            softmax context recipe.Label seed (coded recipe rbm images) (coded recipe rbm test)
            |> percent "test accuracy of a softmax layer"
            |> Row.atLeast recipe.Bound

        [
            recipe.Published
            |> Option.fold (fun row published -> Row.published published row) accuracy
            percent "wrong pixels of test reconstructions" (rbm.Evaluate(heldOut)["reconstruction_error"])
        ]

    let private rows (context: Context) (seed: int64) : Row list =
        let data = context.Data["mnist"]
        let images = data.Train.Take(context |> Context.choose 60000 10000)

        [
            ours context images seed
            // 200 epochs take long, and differ little from seed to seed.
            if seed = context.Seeds.Head then
                lecture context seed
        ]
        |> List.collect (measure context images data.Test seed)

    let experiment =
        {
            Id = "rbm-mnist"
            Title = "A restricted Boltzmann machine 784-500 of MNIST, and a softmax layer on its hidden units"
            Source = "lecture 19.2"
            Needs = [ "mnist" ]
            Seeds = 3
            Run = fun context -> context |> Context.overSeeds (rows context)
        }
