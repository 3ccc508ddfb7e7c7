namespace Functional.Experiments.Tests

open System
open Functional.Experiments
open Xunit

type ContoursTests() =
    let places = Array.init 41 (fun i -> -2.0 + 0.1 * float i)

    let lines levels f =
        Contours.lines levels places places (Array2D.init 41 41 (fun row column -> f places[column] places[row]))
        ||> Array.zip

    /// Points in pairs, without the gaps between them.
    let pieces points =
        Assert.All(Array.chunkBySize 3 points, (fun piece -> Assert.True(Double.IsNaN(fst piece[2]) && Double.IsNaN(snd piece[2]))))
        points |> Array.chunkBySize 3 |> Array.map (fun piece -> piece[0], piece[1])

    let length ((x, y), (x', y')) =
        sqrt ((x' - x) ** 2.0 + (y' - y) ** 2.0)

    [<Fact>]
    member _.``lines of a bowl are circles``() =
        let circles = pieces (lines [ 0.25; 1.0 ] (fun x y -> x * x + y * y))

        let inner, outer =
            circles |> Array.partition (fun ((x, y), _) -> x * x + y * y < 0.6)

        for radius, circle in [ 0.5, inner; 1.0, outer ] do
            for (x, y), (x', y') in circle do
                Assert.Equal(radius, sqrt (x * x + y * y), 0.01)
                Assert.Equal(radius, sqrt (x' * x' + y' * y'), 0.01)

            // A circle that is closed and drawn once has its length.
            Assert.Equal(2.0 * Math.PI * radius, Array.sumBy length circle, 0.05)

    [<Fact>]
    member _.``lines of a slope are straight, and x runs along columns``() =
        let line = pieces (lines [ 0.33 ] (fun x _ -> x))
        Assert.All(line, (fun ((x, _), (x', _)) -> Assert.Equal((0.33, 0.33), (Math.Round(x, 12), Math.Round(x', 12)))))
        Assert.Equal(4.0, Array.sumBy length line, 1e-9)

    [<Fact>]
    member _.``a level that is nowhere has no line``() =
        Assert.Empty(lines [ 9.0; -1.0 ] (fun x y -> x * x + y * y))
