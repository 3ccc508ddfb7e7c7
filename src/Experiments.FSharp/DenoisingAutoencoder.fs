namespace Functional.Experiments

open Functional

/// Denoising autoencoders on MNIST: Gaussian noise, dropout of inputs, masking, each trained and measured on its own noise.
[<RequireQualifiedAccess>]
module DenoisingAutoencoder =
    type private Case =
        {
            Name: string
            Noise: Corruption
            /// The least gain over the noisy rows, in dB. Light noise has none: a code of 150 numbers may lose more than the noise does.
            Gain: float option
        }

    let private cases =
        [
            {
                Name = "Gaussian noise, σ = 1"
                Noise = Corruption.Gaussian 1.0
                Gain = Some 8.0
            }
            {
                Name = "dropout 0.3"
                Noise = Corruption.Dropout 0.3
                Gain = None
            }
            {
                Name = "masking 10 %"
                Noise = Corruption.Masking 0.1
                Gain = None
            }
        ]

    let private train (context: Context) (case: Case) (seed: int64) : DenoisingModel =
        let count, epochs = context |> Context.choose (60000, 10) (12000, 5)
        let batchSize = 150

        let options =
            DenoisingOptions(
                Hidden = [| 300; 150 |],
                Activation = Activation.Relu,
                Noise = case.Noise,
                Epochs = epochs,
                BatchSize = batchSize,
                Optimizer = Optimizers.Adam 0.002,
                Schedule = Schedules.Cosine(epochs * (count / batchSize), 0.0),
                Seed = seed,
                Threads = context.Threads,
                Callbacks = [| Callbacks.Checkpoint(Context.path $"{case.Noise.Name}-{seed}" context) |]
            )

        Models.Denoising.Train(context.Data["mnist"].Train.Take count, options, Context.progress case.Name context, context.Cancellation)

    let private rows (context: Context) (seed: int64) (case: Case) : Row list =
        let clean = context.Data["mnist"].Test
        let model = train context case seed
        let noisy = model.Corrupt(clean, seed)
        let restored = model.Reconstruct noisy

        if seed = context.Seeds.Head then
            clean.Take(16).SavePng(Context.path $"{case.Noise.Name}.png" context, 16, noisy.Take 16, restored.Take 16)

        let before, after = noisy.Psnr clean, restored.Psnr clean

        let decibels what value =
            Row.measured $"{case.Name}: {what}" value |> Row.inUnit "dB" |> Row.shown "F2"

        let gain = decibels "gain" (after - before) |> Row.publishedWords "pictures"

        [
            decibels "noisy test rows" before
            decibels "restored" after
            case.Gain |> Option.fold (fun row least -> Row.atLeast least row) gain
        ]

    let experiment =
        {
            Id = "denoising-autoencoder"
            Title = "Denoising autoencoders on MNIST"
            Source = "lecture 18.5, denoising autoencoders; Vincent et al. 2008, 2010"
            Needs = [ "mnist" ]
            Seeds = 3
            Run =
                fun context ->
                    context
                    |> Context.overSeeds (fun seed -> cases |> List.collect (rows context seed))
        }
