namespace Functional.Experiments

open Functional

/// The lecture's convolutional variational autoencoder on MNIST, with two numbers in a code.
[<RequireQualifiedAccess>]
module VaeConv =
    /// Epochs after which the loss is looked at, with its bound. The last one is the first seed's alone: it takes three times as long.
    let private stops (context: Context) =
        context |> Context.choose [ 10, 150.0; 30, 147.0 ] [ 3, 220.0 ]

    let private train (context: Context) (data: DataSplits) (seed: int64) (epochs: int) =
        let batchSize = context |> Context.choose 16 32
        let rows = data.Train.Take(context |> Context.choose 60000 6000)

        let options =
            ConvVaeOptions(
                Epochs = epochs,
                BatchSize = batchSize,
                Optimizer = Optimizers.RmsProp 0.001,
                Schedule = Schedules.ExponentialDecay((rows.Count + batchSize - 1) / batchSize, 0.93),
                Seed = seed,
                Threads = context.Threads,
                Validation = data.Test.Take(context |> Context.choose 10000 1000),
                Callbacks = [| Callbacks.Checkpoint(Context.path $"conv-vae-{seed}" context) |]
            )

        Models.ConvVae.Train(rows, options, Context.progress $"seed {seed}" context, context.Cancellation)

    let private rows (context: Context) (seed: int64) =
        let isFirst = seed = context.Seeds.Head

        let stops =
            if isFirst then
                stops context
            else
                List.take 1 (stops context)

        let vae = train context context.Data["mnist"] seed (fst (List.last stops))

        if isFirst then
            vae.Manifold(15).SavePng(Context.path "manifold.png" context, 15)

        let nats name value =
            Row.measured name value |> Row.inUnit "nats" |> Row.shown "F2"

        [
            for epochs, bound in stops do
                let metrics = vae.History[epochs - 1]

                let trained =
                    nats $"training loss after {epochs} epochs" metrics["loss"] |> Row.atMost bound

                if epochs = 30 then Row.published 147.0 trained else trained
                nats $"test loss after {epochs} epochs" metrics["val_loss"]
        ]

    let experiment =
        {
            Id = "vae-conv"
            Title = "A convolutional variational autoencoder of MNIST with two latent numbers"
            Source = "lecture 18.6.2; the Keras example of a variational autoencoder"
            Needs = [ "mnist" ]
            Seeds = 3
            Run = fun context -> context |> Context.overSeeds (rows context)
        }
