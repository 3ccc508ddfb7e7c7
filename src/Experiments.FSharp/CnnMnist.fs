namespace Functional.Experiments

/// The lecture's convolutional network on MNIST, its images padded to 32 by 32.
[<RequireQualifiedAccess>]
module CnnMnist =
    let private run (context: Context) : ClassifierRun =
        {
            Label = "cnn"
            Settings =
                [
                    "layers", "pad:2,conv:32:3,relu,maxpool:2,conv:64:3,relu,maxpool:2,flatten,dense:128,relu,dropout:0.5"
                    "optimizer", "adam:0.002"
                ]
            Epochs = context |> Context.choose 6 3
            BatchSize = 100
            Rows = context |> Context.choose 60000 6000
            Published = 99.2
            Bound = context |> Context.choose 99.0 95.0
        }

    let experiment =
        {
            Id = "cnn-mnist"
            Title = "A convolutional network on MNIST"
            Source = "lecture on convolutional networks; the Keras example of a simple network"
            Needs = [ "mnist" ]
            Seeds = 3
            Run =
                fun context ->
                    context
                    |> Context.overSeeds (fun seed -> ClassifierRun.rows context context.Data["mnist"] seed (run context))
        }
