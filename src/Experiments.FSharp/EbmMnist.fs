namespace Functional.Experiments

open Functional

/// The article's energy-based model of MNIST: what its training comes to, digits from noise, and how well its energy tells digits from others.
[<RequireQualifiedAccess>]
module EbmMnist =
    /// Steps from one look at the model to the next: an epoch is long.
    let private stepsBetween = 100

    /// Test digits against noise and against test clothes, `count` of each: the areas under the two curves.
    let private areas (context: Context) (count: int) (model: EbmModel) =
        let digits = context.Data["mnist"].Test.Take count
        let clothes = context.Data["fashion-mnist"].Test.Take count
        model.Auroc(digits, model.Noise count), model.Auroc(digits, clothes)

    /// Samples so far, and a note about them.
    let private watch (context: Context) : Callback =
        { new Callback() with
            override _.OnStep run =
                if run.Step % stepsBetween = 0 then
                    let model = run.Model :?> EbmModel
                    let noise, clothes = areas context 1000 model
                    model.Sample(64).SavePng(Context.path $"samples/step-{run.Step:D5}.png" context, 8)
                    run.Note $"step {run.Step}: AUROC against noise {noise:F4}, against Fashion-MNIST {clothes:F4}"
        }

    let private options (context: Context) (seed: int64) =
        let pick full quick = Context.choose full quick context

        EbmOptions(
            Epochs = pick 5 4,
            BatchSize = pick 128 64,
            ChainSteps = pick 60 30,
            SampleSteps = pick 500 100,
            BufferSize = 2048,
            Optimizer = Optimizers.Adam(pick 1e-4 5e-4, beta1 = 0.0),
            ClipNorm = 0.1,
            OnDivergence = OnDivergence.Rollback,
            Seed = seed,
            Threads = context.Threads,
            Callbacks = [| watch context; Callbacks.Checkpoint(Context.path $"ebm-{seed}" context) |]
        )

    let private curves (context: Context) (history: History) =
        let series (name: string) =
            Series(name, [| for epoch in history -> float epoch.Epoch |], history[name])

        (Charts.Lines("An energy-based model of MNIST", "epoch", "", [| series "loss"; series "reg"; series "cdiv" |]))
            .SaveSvg(Context.path "curves.svg" context)

    let private rows (context: Context) (seed: int64) =
        let data = context.Data["mnist"]
        let train = data.Train.Take(context |> Context.choose 60000 2560)

        let model =
            Models.Ebm.Train(train, options context seed, Context.progress $"seed {seed}" context, context.Cancellation)

        let count = context |> Context.choose 10000 1000
        let noise, clothes = areas context count model

        if seed = context.Seeds.Head then
            curves context model.History
            model.Sample(64).SavePng(Context.path "samples.png" context, 8)
            model.Trajectory(8, 12).SavePng(Context.path "trajectory.png" context, 12)

        let last = model.History[model.History.Count - 1]

        [
            Row.measured "AUROC of the energy, test digits against uniform noise" noise
            |> Row.atLeast (context |> Context.choose 0.99 0.9)
            Row.measured "AUROC of the energy, test digits against Fashion-MNIST" clothes
            |> (context |> Context.choose (Row.atLeast 0.9) id)
            for name in [ "loss"; "reg"; "cdiv" ] do
                Row.measured $"{name}, last epoch" last[name] |> Row.publishedWords "curve"
        ]

    let experiment =
        {
            Id = "ebm-mnist"
            Title = "An energy-based model of MNIST, trained by Langevin chains"
            Source = "the article on energy-based models of MNIST"
            Needs = [ "mnist"; "fashion-mnist" ]
            Seeds = 1
            Run = fun context -> context |> Context.overSeeds (rows context)
        }
