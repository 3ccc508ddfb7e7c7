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

    /// Computed numbers as a set, cut into rows to train on and rows to test on.
    let private split name shape training (numbers: float[]) =
        let set = Dataset.create name shape (Array.map float32 numbers)
        let set = set |> Dataset.withSource "computed from a seed" (Dataset.contentHash set)
        Dataset.slice 0 training set, Dataset.slice training (set.Count - training) set

    /// The lecture's set: 100 training rows and 100 test rows of [3], standardised by the training rows.
    let plane3d key =
        bentPlane key
        |> standardize
        |> Array.concat
        |> split "plane3d" [| 3 |] trainingRows

    let private steps, features = 32, 2
    let private sequenceCount, trainingSequences = 2500, 2000
    let private sequenceNoise = 0.05

    /// A point that goes round an ellipse, as float64: x_t = (a cos θ_t, b sin θ_t) with noise of deviation 0.05 on both, θ_t = φ + 2π f t/steps,
    /// the sizes a, b uniform on [½, 1), the phase φ on [0, 2π) and the turns f on [1, 2).
    let private orbit key =
        let uniform i low high =
            low + (high - low) * Threefry.uniform64 (Threefry.split key 0) i

        let a, b = uniform 0L 0.5 1.0, uniform 1L 0.5 1.0
        let phase, turns = uniform 2L 0.0 (2.0 * Math.PI), uniform 3L 1.0 2.0

        Array.init (steps * features) (fun i ->
            let angle = phase + 2.0 * Math.PI * turns * float (i / features) / float steps
            let place = if i % features = 0 then a * cos angle else b * sin angle
            place + sequenceNoise * Threefry.normal64 (Threefry.split key 1) (int64 i))

    /// Sequences for recurrent models: 2000 training rows and 500 test rows of [32; 2], each a noisy way round an ellipse.
    let sequences key =
        Array.init sequenceCount (fun row -> orbit (Threefry.foldIn key row))
        |> Array.concat
        |> split "sequences" [| steps; features |] trainingSequences
