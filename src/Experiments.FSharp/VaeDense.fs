namespace Functional.Experiments

open Functional

/// The lecture's dense variational autoencoder on MNIST, grey levels as they are.
[<RequireQualifiedAccess>]
module VaeDense =
    let private train (context: Context) (data: DataSplits) (seed: int64) =
        let options =
            VaeOptions(
                Hidden = [| 500; 500 |],
                LatentSize = 20,
                Epochs = (context |> Context.choose 50 2),
                BatchSize = 150,
                Seed = seed,
                Threads = context.Threads,
                Validation = data.Test,
                Callbacks = [| Callbacks.Checkpoint(Context.path $"vae-{seed}" context) |]
            )

        Models.Vae.Train(data.Train, options, Context.progress $"seed {seed}" context, context.Cancellation)

    let private draw (context: Context) (test: DataRows) (vae: VaeModel) =
        vae.Sample(64).SavePng(Context.path "samples.png" context, 8)
        let originals = test.Take 32
        originals.SavePng(Context.path "reconstructions.png" context, 16, vae.Reconstruct originals)

    let private rows (context: Context) (seed: int64) =
        let data = context.Data["mnist"]
        let vae = train context data seed

        if seed = context.Seeds.Head then
            draw context data.Test vae

        let last = vae.History[vae.History.Count - 1]

        let nats name value =
            Row.measured name value |> Row.inUnit "nats" |> Row.shown "F2"

        [
            nats "test loss" last["val_loss"]
            |> Row.publishedWords "pictures"
            |> Row.atMost (context |> Context.choose 99.7 116.0)
            nats "test reconstruction" last["val_reconstruction"]
            nats "test KL" last["val_kl"]
            Row.measured "active units" last["val_active_units"] |> Row.shown "F1"
        ]

    let experiment =
        {
            Id = "vae-dense"
            Title = "A dense variational autoencoder of MNIST: 784-500-500-20, ELU"
            Source = "lecture 18.6.1"
            Needs = [ "mnist" ]
            Seeds = 3
            Run = fun context -> context |> Context.overSeeds (rows context)
        }
