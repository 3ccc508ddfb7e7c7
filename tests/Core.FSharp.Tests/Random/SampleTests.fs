namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// Moments, distributions and independence of draws. Keys are fixed, so nothing here depends on luck; bounds are 4.5 standard errors.
type SampleTests() =
    static let count = 100_000
    static let n = float count
    static let key seed = Key.ofSeed (int64 seed)
    static let floats = [ Float32; Float64 ]

    static let within what expected error found =
        Assert.True(
            abs (found - expected) <= 4.5 * error,
            $"{what}: {found} is {abs (found - expected) / error:F1} standard errors from {expected}"
        )

    static let standardized (x: float[]) =
        let mean = Array.average x
        let deviation = sqrt (x |> Array.averageBy (fun x -> (x - mean) ** 2.0))
        mean, deviation, x |> Array.map (fun x -> (x - mean) / deviation)

    static let correlation (x: float[]) (y: float[]) =
        let _, _, x = standardized x
        let _, _, y = standardized y
        Array.map2 (*) x y |> Array.average

    static let uncorrelated what x y =
        within what 0.0 (1.0 / sqrt (float (Array.length x))) (correlation x y)

    /// The largest gap between the numbers' distribution and `cumulative`, times √n: above 2.2 with probability 10⁻⁴.
    static let kolmogorov (cumulative: float -> float) (x: float[]) =
        let sorted = Array.sort x

        let gap i x =
            let expected = cumulative x
            max (abs (expected - float i / n)) (abs (expected - float (i + 1) / n))

        sqrt n * (sorted |> Array.mapi gap |> Array.max)

    [<Fact>]
    member _.``uniform draws have the moments and distribution of [0, 1)``() =
        for dtype in floats do
            let x = (Sample.uniform (key 1) dtype [ count ]).ToFloat64s()
            Assert.InRange(Array.min x, 0.0, 1e-3)
            Assert.InRange(Array.max x, 0.999, Math.BitDecrement 1.0)
            let mean, deviation, z = standardized x
            within "mean" 0.5 (sqrt (1.0 / 12.0 / n)) mean
            within "variance" (1.0 / 12.0) (sqrt (1.0 / 180.0 / n)) (deviation * deviation)
            within "skewness" 0.0 (sqrt (6.0 / n)) (z |> Array.averageBy (fun z -> z ** 3.0))
            within "kurtosis" 1.8 (sqrt (24.0 / n)) (z |> Array.averageBy (fun z -> z ** 4.0))
            Assert.InRange(kolmogorov id x, 0.0, 2.2)

    [<Fact>]
    member _.``normal draws have the moments and distribution of a standard normal``() =
        for dtype in floats do
            let x = (Sample.normal (key 2) dtype [ count ]).ToFloat64s()
            let mean, deviation, z = standardized x
            within "mean" 0.0 (sqrt (1.0 / n)) mean
            within "variance" 1.0 (sqrt (2.0 / n)) (deviation * deviation)
            within "skewness" 0.0 (sqrt (6.0 / n)) (z |> Array.averageBy (fun z -> z ** 3.0))
            within "kurtosis" 3.0 (sqrt (24.0 / n)) (z |> Array.averageBy (fun z -> z ** 4.0))

            let cumulative x =
                (0.5
                 * (1.0 + Tensor.erf (Tensor.ofFloat64s [ Array.length x ] x * (1.0 / sqrt 2.0))))
                    .ToFloat64s()

            let sorted = Array.sort x

            let gap =
                Array.map2 (fun p i -> abs (p - (float i + 0.5) / n)) (cumulative sorted) [| 0 .. count - 1 |]
                |> Array.max

            Assert.InRange(sqrt n * gap, 0.0, 2.2)

    [<Fact>]
    member _.``bits are balanced, each of the 32``() =
        let words = (Sample.bits (key 3) [ count ]).ToInt32s()

        for bit in 0..31 do
            let ones = words |> Array.sumBy (fun word -> float ((word >>> bit) &&& 1))
            within $"bit {bit}" 0.5 (0.5 / sqrt n) (ones / n)

    [<Fact>]
    member _.``draws from related keys are independent``() =
        let draw key =
            (Sample.normal key Float32 [ count ]).ToFloat64s()

        let parent = key 4
        let children = Key.split 3 parent
        let x = draw parent
        uncorrelated "neighbours" x[.. count - 2] x[1..]
        uncorrelated "elements of one vector apart" x[.. count - 17] x[16..]
        uncorrelated "elements of one block" x[.. count - 33] x[32..]
        uncorrelated "parent and child" x (draw children[0])
        uncorrelated "siblings" (draw children[0]) (draw children[1])
        uncorrelated "parent and folded" x (draw (Key.foldIn 0 parent))
        uncorrelated "child and folded" (draw children[0]) (draw (Key.foldIn 0 parent))
        uncorrelated "seeds in a row" x (draw (key 5))
        uncorrelated "squares of siblings" (draw children[0] |> Array.map (fun x -> x * x)) (draw children[1] |> Array.map (fun x -> x * x))

    [<Fact>]
    member _.``uniformBetween stays between``() =
        let x = (Sample.uniformBetween (key 6) Float32 [ count ] -2.0 3.0).ToFloat64s()
        Assert.InRange(Array.min x, -2.0, -1.99)
        Assert.InRange(Array.max x, 2.99, 3.0)
        within "mean" 0.5 (5.0 * sqrt (1.0 / 12.0 / n)) (Array.average x)

    [<Fact>]
    member _.``bernoulli draws 1 as often as asked, never at 0 and always at 1``() =
        for dtype in floats do
            let p = Tensor.ofValues dtype [ 5 ] [| 0.0; 0.1; 0.5; 0.9; 1.0 |]
            let draws = Sample.bernoulli (key 7) (Tensor.broadcast [ count; 5 ] p)
            let rates = (Tensor.meanOver [ 0 ] (Tensor.cast Float64 draws)).ToFloat64s()
            Assert.Equal(0.0, rates[0])
            Assert.Equal(1.0, rates[4])

            for expected, found in Array.zip [| 0.1; 0.5; 0.9 |] rates[1..3] do
                within $"p = {expected}" expected (sqrt (expected * (1.0 - expected) / n)) found

    [<Fact>]
    member _.``categorical draws labels as often as the softmax says, and never one with probability 0``() =
        for dtype in floats do
            let p = [| 0.05; 0.25; 0.6; 0.1; 0.0 |]
            let logits = Tensor.log (Tensor.ofValues dtype [ 5 ] p) + 3.0

            let labels =
                (Sample.categorical (key 8) (Tensor.broadcast [ count; 5 ] logits)).ToInt32s()

            let rates =
                Array.init 5 (fun label -> float (labels |> Array.filter ((=) label) |> Array.length) / n)

            Assert.Equal(0.0, rates[4])

            for label in 0..3 do
                within $"label {label}" p[label] (sqrt (p[label] * (1.0 - p[label]) / n)) rates[label]

    [<Fact>]
    member _.``permutation holds each number once, and all orders are equally likely``() =
        for size in [ 0; 1; 2; 1000 ] do
            let order = (Sample.permutation (key 9) size).ToInt32s()
            Assert.Equal<int[]>([| 0 .. size - 1 |], Array.sort order)

        let trials = 6_000

        let orders =
            [
                for i in 1..trials -> Threefry.permutation (struct (9u, uint32 i)) 3 |> List.ofArray
            ]

        let counts = orders |> List.countBy id
        Assert.Equal(6, counts.Length)

        for order, found in counts do
            within $"{order}" (1.0 / 6.0) (sqrt (5.0 / 36.0 / float trials)) (float found / float trials)
