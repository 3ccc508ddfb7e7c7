namespace Functional.Experiments

open Functional

/// The log-likelihood of black and white MNIST under a restricted Boltzmann machine of 500 hidden units, by annealing from both sides.
[<RequireQualifiedAccess>]
module RbmLikelihood =
    let private batchSize = 100

    let private train (context: Context) (data: DataSplits) (seed: int64) =
        let epochs = context |> Context.choose 40 1
        let steps = epochs * ((data.Train.Count + batchSize - 1) / batchSize)

        // Persistent chains are samples of the model only while it changes more slowly than they move: hence the fall of the rate to nothing.
        let options =
            RbmOptions(
                Hidden = 500,
                PersistentChains = batchSize,
                Centring = 0.01,
                Binarise = Binarisation.Threshold,
                Epochs = epochs,
                BatchSize = batchSize,
                Optimizer = Optimizers.Sgd 0.05,
                Schedule = Schedules.Cosine(steps, 0.0),
                LikelihoodEvery = 20,
                AisTemperatures = 2000,
                Seed = seed,
                Threads = context.Threads,
                Callbacks = [| Callbacks.Checkpoint(Context.path $"rbm-{seed}" context) |]
            )

        Models.Rbm.Train(data.Train, options, Context.progress $"seed {seed}" context, context.Cancellation)

    let private rows (context: Context) (seed: int64) =
        let data = context.Data["mnist"]
        let rbm = train context data seed
        let temperatures = context |> Context.choose 14_500 1000
        context.Report $"annealing over {temperatures} temperatures from both sides"

        let found =
            rbm.AnnealedLikelihood(data.Test, temperatures = temperatures, seed = seed)

        if seed = context.Seeds.Head then
            rbm.Sample(64).SavePng(Context.path "samples.png" context, 8)
            rbm.FeatureMaps().Take(100).SavePng(Context.path "features.png" context, 10)

        let nats name value =
            Row.measured name value |> Row.inUnit "nats" |> Row.shown "F2"

        [
            nats "test log-likelihood, log Z from below (too good on average)" found.Most
            |> Row.published -84.9
            nats "test log-likelihood, log Z from above (too bad on average)" found.Least
            |> Row.published -96.6
            nats "test log-likelihood, middle of the bracket" found.LogLikelihood
            |> Row.published -86.3
            |> Row.atLeast (context |> Context.choose -100.0 -150.0)
            nats "gap of the bracket" found.Gap
            nats "standard error from below" found.Forward.StandardError
            nats "standard error from above" found.Reverse.StandardError
        ]

    let experiment =
        {
            Id = "rbm-likelihood"
            Title = "Log-likelihood of MNIST under 500 hidden units, bracketed by annealing from both sides"
            Source = "Salakhutdinov & Murray 2008 (−86.3); both sides: PyDeep's large example, centred"
            Needs = [ "mnist" ]
            Seeds = 1
            Run = fun context -> context |> Context.overSeeds (rows context)
        }
