namespace Functional.Experiments

open Functional

/// A linear autoencoder with 100 units on gene expression, by the lecture's recipe and by a better one, beside exact principal components.
/// The lecture's own set is not public, so its numbers are of other data.
[<RequireQualifiedAccess>]
module GeneExpression =
    type private Recipe =
        {
            Name: string
            IsTied: bool
            Optimizer: Optimizer
            Iterations: int
            /// Published errors of training and test.
            Published: (float * float) option
            Bound: float
        }

    /// Separate weights, the rate of 0.01 throughout.
    let private lecture (context: Context) =
        {
            Name = "the lecture's recipe"
            IsTied = false
            Optimizer = Optimizers.Adam 0.01
            Iterations = context |> Context.choose 300 100
            Published = Some(0.0074, 0.0200)
            Bound = context |> Context.choose 0.0415 0.10
        }

    /// Tied weights, which are half as many, and plain descent with momentum: its steps stay in the space of the training rows, where those of
    /// Adam, alike in size for all weights, leave noise that test rows see.
    let private tied (context: Context) =
        {
            Name = "tied weights"
            IsTied = true
            Optimizer = Optimizers.Momentum(1.0, 0.99, true)
            Iterations = context |> Context.choose 800 100
            Published = None
            Bound = context |> Context.choose 0.0320 0.05
        }

    let private train (context: Context) (rows: DataRows) (seed: int64) (recipe: Recipe) =
        let options =
            AutoencoderOptions(
                Hidden = [| 100 |],
                Activation = Activation.Linear,
                Tied = recipe.IsTied,
                Epochs = recipe.Iterations,
                BatchSize = rows.Count,
                Optimizer = recipe.Optimizer,
                Seed = seed,
                Threads = context.Threads
            )

        Models.Autoencoder.Train(rows, options, Context.progress recipe.Name context, context.Cancellation)

    let private curve (recipe: Recipe) (model: AutoencoderModel) =
        let mse = Seq.toArray model.History["mse"]
        Series(recipe.Name, [| for iteration in 1 .. mse.Length -> float iteration |], mse)

    let private measure (context: Context) (seed: int64) : Row list =
        let data = context.Data["gordon2002"]

        let trained =
            [ lecture context; tied context ]
            |> List.map (fun recipe -> recipe, train context data.Train seed recipe)

        if seed = context.Seeds.Head then
            let curves = trained |> List.map (fun (recipe, model) -> curve recipe model)

            (Charts.Lines("Gene expression, 100 units", "iteration", "training MSE", curves, true))
                .SaveSvg(Context.path "training.svg" context)

        let publish number (row: Row) =
            match number with
            | Some published -> Row.published published row
            | None -> row

        [
            for recipe, model in trained do
                Row.measured $"{recipe.Name}: training MSE" (model.Evaluate(data.Train)["mse"])
                |> publish (Option.map fst recipe.Published)

                Row.measured $"{recipe.Name}: test MSE" (model.Evaluate(data.Test)["mse"])
                |> publish (Option.map snd recipe.Published)
                |> Row.atMost recipe.Bound
        ]

    let private exact (context: Context) : Row =
        let data = context.Data["gordon2002"]

        let pca =
            Models.Pca.Train(data.Train, PcaOptions(Components = 100, Threads = context.Threads))

        Row.measured "100 principal components: test MSE" (pca.Evaluate(data.Test)["mse"])

    let experiment =
        {
            Id = "gene-expression"
            Title = "A linear autoencoder with 100 units on the expression of 12533 genes"
            Source = "lecture 18.4, with the public set of Gordon et al. 2002"
            Needs = [ "gordon2002" ]
            Seeds = 3
            Run = fun context -> (context |> Context.overSeeds (measure context)) @ [ exact context ]
        }
