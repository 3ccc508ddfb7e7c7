namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

type LettersTests() =
    let key = Threefry.ofSeed 1L
    let training = lazy (Letters.training key)

    [<Fact>]
    member _.``the sets have the lecture's sizes and the alphabet for classes``() =
        Assert.Equal(26 * 3 * 40, training.Value.Count)
        Assert.Equal(312, (Letters.heldOut key).Count)
        Assert.Equal<int[]>([| 29; 29 |], training.Value.Shape)
        Assert.Equal("ABCDEFGHIJKLMNOPQRSTUVWXYZ", String.Join("", training.Value.Classes.Value))

        for _, images in Array.countBy id training.Value.Labels.Value do
            Assert.Equal(120, images)

    [<Fact>]
    member _.``every glyph has ink inside a clean border, and all differ``() =
        let glyphs =
            [
                for face in 0..3 do
                    for letter in 0..25 -> Letters.glyph face letter
            ]

        Assert.Equal(104, (List.distinct glyphs).Length)

        for glyph in glyphs do
            Assert.InRange(Array.sum glyph, 30.0f, 250.0f)
            Assert.Equal(1.0f, Array.max glyph)
            let corners = [ 0; 28; 28 * 29; 28 * 29 + 28 ]
            Assert.All(corners, fun corner -> Assert.Equal(0.0f, glyph[corner]))

    [<Fact>]
    member _.``the first copies are the glyphs themselves``() =
        let set = training.Value
        Assert.Equal<float32[]>(Letters.glyph 1 2, (Dataset.row (26 + 2) set).ToArray())

    [<Fact>]
    member _.``one seed gives one set, another seed another``() =
        Assert.Equal<float32[]>(training.Value.Features, (Letters.training key).Features)
        Assert.NotEqual<float32[]>((Letters.heldOut key).Features, (Letters.heldOut (Threefry.ofSeed 2L)).Features)

    [<Fact>]
    member _.``noise has the stated strength``() =
        let blank = Array.zeroCreate<float32>(29 * 29)

        let noisy noise =
            Array.concat (Array.init 40 (fun i -> Letters.noisy noise (Threefry.foldIn key i) blank))

        let noise flip sigma =
            noisy
                {
                    Flip = flip
                    Shift = 0
                    Sigma = sigma
                }

        Assert.Equal(0.03, Array.average (noise 0.03f 0.0f) |> float, 2)
        // Clamping at 0 leaves the upper half of the normal: its mean is σ / √(2π).
        Assert.Equal(0.15 / sqrt (2.0 * Math.PI), Array.average (noise 0.0f 0.15f) |> float, 2)
        let spot = Array.init (29 * 29) (fun i -> if i = 14 * 29 + 14 then 1.0f else 0.0f)

        let places =
            List.init 200 (fun i ->
                let shifted =
                    Letters.noisy { Flip = 0.0f; Shift = 1; Sigma = 0.0f } (Threefry.foldIn key i) spot

                let place = Array.findIndex ((=) 1.0f) shifted
                place / 29 - 14, place % 29 - 14)

        Assert.Equal(9, (List.distinct places).Length)
        Assert.All(places, fun (down, right) -> Assert.True(abs down <= 1 && abs right <= 1))

    [<Fact>]
    member _.``the plane is standardised by its training rows``() =
        let train, test = Synthetic.plane3d key
        Assert.Equal((100, 100), (train.Count, test.Count))

        for column in 0..2 do
            let values = Array.init 100 (fun i -> float train.Features[3 * i + column])
            Assert.Equal(0.0, Array.average values, 5)
            Assert.Equal(1.0, Array.averageBy (fun x -> x * x) values, 5)
