namespace Functional.Experiments

open Functional

/// What the units of the first layer look for: their weights as pictures, after training one layer at a time, as in the lecture.
[<RequireQualifiedAccess>]
module FeatureMaps =
    /// The correlation of neighbouring pixels over all pictures: 0 for noise, near 1 for spots and strokes.
    let private smoothness (maps: DataRows) =
        let width = maps.RowShape[maps.RowShape.Count - 1]

        let pairs =
            [|
                for map in 0 .. maps.Count - 1 do
                    let picture = maps[map].ToArray() |> Array.map float
                    let mean = Array.average picture

                    for i in 0 .. picture.Length - 2 do
                        if (i + 1) % width <> 0 then
                            picture[i] - mean, picture[i + 1] - mean
            |]

        let sum f = Array.sumBy f pairs

        sum (fun (a, b) -> a * b)
        / sqrt (sum (fun (a, _) -> a * a) * sum (fun (_, b) -> b * b))

    let private measure (context: Context) (seed: int64) : Row list =
        let maps =
            (StackedAutoencoder.train context StackedAutoencoder.oneLayerAtATime seed).FeatureMaps()

        if seed = context.Seeds.Head then
            maps.Take(5).SavePng(Context.path "five.png" context, 5)
            maps.SavePng(Context.path "mosaic.png" context, 20)

        [
            Row.measured "correlation of neighbouring pixels in the maps" (smoothness maps)
            |> Row.publishedWords "five pictures"
            |> Row.shown "F2"
            |> Row.atLeast (context |> Context.choose 0.3 0.2)
        ]

    let experiment =
        {
            Id = "feature-maps"
            Title = "First-layer weights of a deep autoencoder as pictures"
            Source = "lecture 18.5, visualisation of features"
            Needs = [ "mnist" ]
            Seeds = 3
            Run = fun context -> context |> Context.overSeeds (measure context)
        }
