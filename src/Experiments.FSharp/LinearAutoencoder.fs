namespace Functional.Experiments

open Functional.Core
open Functional

/// A linear autoencoder 3-2-3 on the lecture's bent plane, beside exact principal components of the same rows.
[<RequireQualifiedAccess>]
module LinearAutoencoder =
    let private train (context: Context) (rows: DataRows) (seed: int64) =
        let options =
            AutoencoderOptions(
                Hidden = [| 2 |],
                Activation = Activation.Linear,
                Epochs = 1000,
                BatchSize = rows.Count,
                Optimizer = Optimizers.Adam 0.01,
                Seed = seed,
                Threads = context.Threads
            )

        Models.Autoencoder.Train(rows, options, null, context.Cancellation)

    let private toTensor (matrix: float32[,]) =
        Tensor.ofFloat32s [ Array2D.length1 matrix; Array2D.length2 matrix ] (matrix |> Seq.cast<float32> |> Seq.toArray)

    /// The directions of the plane on which all reconstructions lie: what each number of the code adds to a row.
    let private directions (model: AutoencoderModel) : Tensor =
        let size = model.CodeSize

        let unitsAndZero =
            Array2D.init (size + 1) size (fun i j -> if i = j then 1f else 0f)

        let rows = toTensor (model.Decode(unitsAndZero).ToMatrix())
        Tensor.slice 0 0 size rows - Tensor.slice 0 size 1 rows

    let private column (matrix: float32[,]) index = matrix[*, index] |> Array.map float

    /// The rows seen from a corner, and their codes.
    let private scatter (context: Context) (plane: DataSplits) (model: AutoencoderModel) =
        let seenFromCorner (matrix: float32[,]) =
            let depth = column matrix 2

            let along index =
                Array.map2 (fun x z -> x - 0.5 * z) (column matrix index) depth

            along 0, along 1

        let chart name title x y view =
            let series =
                [
                    for part, rows: DataRows in [ "training rows", plane.Train; "test rows", plane.Test ] do
                        let x, y = view rows
                        Series(part, x, y)
                ]

            (Charts.Scatter(title, x, y, series)).SaveSvg(Context.path name context)

        chart "rows.svg" "The bent plane in three dimensions" "x₁ − x₃/2" "x₂ − x₃/2" (fun rows -> seenFromCorner (rows.ToMatrix()))

        chart "codes.svg" "Its codes in two dimensions" "code 1" "code 2" (fun rows ->
            let codes = model.Encode rows
            column codes 0, column codes 1)

    let private measure (context: Context) (seed: int64) : Row list =
        let plane = context.Data["plane3d"]
        let model = train context plane.Train seed

        let exact =
            Models.Pca.Train(plane.Train, PcaOptions(Components = 2, Threads = context.Threads))

        if seed = context.Seeds.Head then
            scatter context plane model

        let mse (rows: DataRows) =
            model.Evaluate(rows)["mse"], exact.Evaluate(rows)["mse"]

        let ours, least = mse plane.Train
        let oursOnTest, ofPcaOnTest = mse plane.Test

        [
            Row.measured "angle of its plane to that of PCA" (Subspace.angle (directions model) (toTensor (exact.Components())))
            |> Row.publishedWords "the plane of PCA"
            |> Row.inUnit "°"
            |> Row.shown "F3"
            |> Row.atMost 1.0
            Row.measured "training MSE, as a multiple of PCA's" (ours / least)
            |> Row.atMost 1.01
            Row.measured "training MSE" ours
            Row.measured "test MSE" oursOnTest
            Row.measured "test MSE of PCA" ofPcaOnTest
        ]

    let experiment =
        {
            Id = "linear-autoencoder"
            Title = "A linear autoencoder 3-2-3 finds the plane of PCA"
            Source = "lecture 18.3"
            Needs = [ "plane3d" ]
            Seeds = 3
            Run = fun context -> context |> Context.overSeeds (measure context)
        }
