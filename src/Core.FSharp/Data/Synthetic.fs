namespace Functional.Core

open System

/// Sets that a formula makes.
[<RequireQualifiedAccess>]
module Synthetic =
    let private rows, trainingRows = 200, 100
    let private w1, w2, noise = 0.1, 0.3, 0.1

    /// Points near a bent plane in three dimensions, for principal components (lecture 18.3), as float64: with θ uniform on
    /// [−½, 3π/2 − ½) and standard normal n₁, n₂, n₃,
    /// c₀ = cos θ + ½ sin θ + ½ noise n₁, c₁ = 0.7 sin θ + ½ noise n₂, c₂ = w₁ c₀ + w₂ c₁ + noise n₃.
    let private bentPlane key =
        let normal column i =
            Threefry.normal64 (Threefry.split key column) (int64 i)

        Array.init rows (fun i ->
            let angle =
                Threefry.uniform64 (Threefry.split key 0) (int64 i) * 3.0 * Math.PI / 2.0 - 0.5

            let c0 = cos angle + sin angle / 2.0 + noise * normal 1 i / 2.0
            let c1 = 0.7 * sin angle + noise * normal 2 i / 2.0
            [| c0; c1; w1 * c0 + w2 * c1 + noise * normal 3 i |])

    /// Rows with the mean of the training rows subtracted, divided by their standard deviation (of the population), column by column.
    let private standardize (points: float[][]) =
        let training = Array.take trainingRows points

        let scale column =
            let values = training |> Array.map (fun row -> row[column])
            let mean = Array.average values
            mean, sqrt (values |> Array.averageBy (fun x -> (x - mean) * (x - mean)))

        let scales = Array.init points[0].Length scale

        points
        |> Array.map (Array.map2 (fun (mean, deviation) x -> (x - mean) / deviation) scales)

    /// The lecture's set: 100 training rows and 100 test rows of [3], standardised by the training rows.
    let plane3d key =
        let features = bentPlane key |> standardize |> Array.concat |> Array.map float32
        let set = Dataset.create "plane3d" [| 3 |] features
        let set = set |> Dataset.withSource "computed from a seed" (Dataset.contentHash set)
        Dataset.slice 0 trainingRows set, Dataset.slice trainingRows (rows - trainingRows) set
