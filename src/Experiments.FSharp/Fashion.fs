namespace Functional.Experiments

/// A perceptron and a convolutional network on pictures of clothing.
[<RequireQualifiedAccess>]
module Fashion =
    let private mlp (context: Context) : ClassifierRun =
        {
            Label = "mlp"
            Settings = [ "hidden", "256,128"; "dropout", "0.2"; "optimizer", "adam:0.001" ]
            Epochs = context |> Context.choose 15 4
            BatchSize = 64
            Rows = context |> Context.choose 60000 10000
            Published = 88.3
            Bound = context |> Context.choose 88.5 78.0
        }

    let private cnn (context: Context) : ClassifierRun =
        {
            Label = "cnn"
            Settings =
                [
                    "layers",
                    "conv:32:3:padding=same,relu,maxpool:2,conv:64:3:padding=same,relu,maxpool:2,flatten,dropout:0.3,dense:128,relu,dropout:0.3"
                    "optimizer", "adam:0.002"
                ]
            Epochs = context |> Context.choose 8 3
            BatchSize = 100
            Rows = context |> Context.choose 60000 6000
            Published = 91.6
            Bound = context |> Context.choose 91.6 75.0
        }

    let experiment =
        {
            Id = "fashion"
            Title = "A perceptron and a convolutional network on pictures of clothing"
            Source = "Xiao, Rasul & Vollgraf 2017"
            Needs = [ "fashion-mnist" ]
            Seeds = 3
            Run =
                fun context ->
                    context
                    |> Context.overSeeds (fun seed ->
                        [ mlp context; cnn context ]
                        |> List.collect (ClassifierRun.rows context context.Data["fashion-mnist"] seed))
        }
