namespace Functional.Experiments

open Functional

/// The log-likelihood of MNIST under a variational autoencoder with one hidden layer. Pixels are drawn black or white from their grey levels,
/// anew at every step of the training, and once for each test row.
[<RequireQualifiedAccess>]
module VaeLikelihood =
    let private batchSize = 100

    let private train (context: Context) (data: DataSplits) (seed: int64) =
        let epochs = context |> Context.choose 100 3
        let steps = epochs * ((data.Train.Count + batchSize - 1) / batchSize)

        let options =
            VaeOptions(
                Hidden = [| 400 |],
                LatentSize = 40,
                Activation = Activation.Tanh,
                Binarise = Binarisation.Dynamic,
                Epochs = epochs,
                BatchSize = batchSize,
                Optimizer = Optimizers.Adam 0.002,
                Schedule = Schedules.Cosine(steps, 0.01),
                Seed = seed,
                Threads = context.Threads,
                Validation = data.Test,
                Callbacks = [| Callbacks.Checkpoint(Context.path $"vae-{seed}" context) |]
            )

        Models.Vae.Train(data.Train, options, Context.progress $"seed {seed}" context, context.Cancellation)

    let private rows (context: Context) (seed: int64) =
        let data = context.Data["mnist"]
        let samples, test = context |> Context.choose (200, 10000) (50, 1000)
        let vae = train context data seed
        context.Report $"log-likelihood of {test} rows with {samples} samples each"

        if seed = context.Seeds.Head then
            vae.Sample(64).SavePng(Context.path "samples.png" context, 8)

        let nats name value =
            Row.measured name value |> Row.inUnit "nats" |> Row.shown "F2"

        [
            nats "test log-likelihood, pixels drawn at every step" (vae.LogLikelihood(data.Test.Take test, samples, seed))
            |> Row.published -89.8
            |> Row.atLeast (context |> Context.choose -91.3 -110.0)
            nats "test bound" -vae.History[vae.History.Count - 1].["val_loss"]
        ]

    let experiment =
        {
            Id = "vae-likelihood"
            Title = "Importance-weighted log-likelihood of MNIST: 784-400-40-400"
            Source = "Kingma & Welling 2014; Burda, Grosse & Salakhutdinov 2016 for the estimate"
            Needs = [ "mnist" ]
            Seeds = 3
            Run = fun context -> context |> Context.overSeeds (rows context)
        }
