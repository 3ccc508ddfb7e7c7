namespace Functional.Experiments

open Functional

/// A restricted Boltzmann machine with so few hidden units that its likelihood is exact, trained on black and white MNIST with the gradient as it
/// is and with the centred one; and annealed importance sampling beside the exact numbers.
[<RequireQualifiedAccess>]
module RbmExact =
    let private train (context: Context) (data: DataSplits) (name: string) (centring: float) (seed: int64) =
        let epochs = context |> Context.choose 50 4

        // The settings of PyDeep: rate 0.01 without momentum, 100 chains that go on, biases from the data.
        let options =
            RbmOptions(
                Hidden = 16,
                PersistentChains = 100,
                Centring = centring,
                Binarise = Binarisation.Threshold,
                Epochs = epochs,
                BatchSize = 100,
                Optimizer = Optimizers.Sgd 0.01,
                LikelihoodEvery = 10,
                Seed = seed,
                Threads = context.Threads,
                Callbacks = [| Callbacks.Checkpoint(Context.path $"rbm-{name}-{seed}" context) |]
            )

        Models.Rbm.Train(data.Train, options, Context.progress $"{name}, seed {seed}" context, context.Cancellation)

    /// How far `value` is from the range between `low` and `high`; 0 inside.
    let private outside low high value =
        max 0.0 (max (low - value) (value - high))

    let private rowsOf (context: Context) (seed: int64) (name: string) centring published quick =
        let data = context.Data["mnist"]
        let rbm = train context data name centring seed
        let exact = rbm.Likelihood data.Test
        let annealed = rbm.AnnealedLikelihood(data.Test, seed = seed)

        if seed = context.Seeds.Head then
            rbm.FeatureMaps().SavePng(Context.path $"features-{name}.png" context, 8)

        let nats what value =
            Row.measured $"{what}, {name}" value |> Row.inUnit "nats"

        let off = annealed.LogPartition - exact.LogPartition

        [
            nats "exact test log-likelihood" exact.LogLikelihood
            |> Row.shown "F2"
            |> Row.published published
            |> Row.atLeast (context |> Context.choose (published - 2.0) quick)
            nats "annealed log Z − exact" off |> Row.shown "F3" |> Row.within 0.5 0.0
            nats
                "exact log Z outside of the bracket, 3 standard errors wide"
                (outside annealed.Forward.Low annealed.Reverse.High exact.LogPartition)
            |> Row.shown "F3"
            |> Row.atMost 0.0
            nats "gap of the bracket" annealed.Gap |> Row.shown "F3"
        ]

    let private rows (context: Context) (seed: int64) =
        rowsOf context seed "plain" 0.0 -149.05 -185.0
        @ rowsOf context seed "centred" 0.01 -142.56 -185.0

    let experiment =
        {
            Id = "rbm-exact"
            Title = "Exact likelihood of MNIST under 16 hidden units, and annealing beside it"
            Source = "Melchior, Fischer & Wiskott 2016; numbers of PyDeep's small example"
            Needs = [ "mnist" ]
            Seeds = 3
            Run = fun context -> context |> Context.overSeeds (rows context)
        }
