namespace Functional.Experiments

/// A perceptron of two hidden layers on MNIST, plain, and with batch normalisation and dropout.
[<RequireQualifiedAccess>]
module MlpMnist =
    let private plain (context: Context) : ClassifierRun =
        {
            Label = "plain"
            Settings = [ "hidden", "256,128"; "optimizer", "adam:0.001" ]
            Epochs = context |> Context.choose 10 4
            BatchSize = 64
            Rows = context |> Context.choose 60000 10000
            Published = 98.35
            Bound = context |> Context.choose 97.3 93.0
        }

    let private regularised (context: Context) =
        { plain context with
            Label = "with batch norm and dropout"
            Settings =
                [
                    "hidden", "256,128"
                    "optimizer", "adam:0.002"
                    "batch-norm", "true"
                    "dropout", "0.2"
                ]
            Epochs = context |> Context.choose 15 4
            Bound = context |> Context.choose 98.2 93.0
        }

    let experiment =
        {
            Id = "mlp-mnist"
            Title = "A perceptron of two hidden layers on MNIST"
            Source = "lecture on networks in PyTorch"
            Needs = [ "mnist" ]
            Seeds = 3
            Run =
                fun context ->
                    context
                    |> Context.overSeeds (fun seed ->
                        [ plain context; regularised context ]
                        |> List.collect (ClassifierRun.rows context context.Data["mnist"] seed))
        }
