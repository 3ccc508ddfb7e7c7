namespace Functional.Core.Tests

open Functional.Core
open Xunit

/// Weights before training: their moments are what the rules say.
type InitTests() =
    static let fanIn, fanOut = 200, 300
    static let count = fanIn * fanOut

    static let draw initializer seed =
        (Init.draw initializer (Key.ofSeed seed) fanIn fanOut [ fanIn; fanOut ]).ToFloat64s()

    static let variance (values: float[]) =
        let mean = Array.average values
        values |> Array.averageBy (fun x -> (x - mean) * (x - mean))

    /// Fails unless mean and variance are within 4 standard errors. `kurtosis` is E x⁴/(E x²)², which the error of a variance depends on.
    static let check (expected: float) kurtosis (values: float[]) =
        let n = float values.Length
        let mean = 4.0 * sqrt (expected / n)
        let spread = 4.0 * expected * sqrt ((kurtosis - 1.0) / n)
        Assert.InRange(Array.average values, -mean, mean)
        Assert.InRange(variance values, expected - spread, expected + spread)

    [<Fact>]
    member _.``normal weights have the variance of their rule``() =
        for seed in 1L .. 3L do
            check (2.0 / 200.0) 3.0 (draw HeNormal seed)
            check (2.0 / 500.0) 3.0 (draw GlorotNormal seed)
            check (0.3 * 0.3) 3.0 (draw (NormalWith 0.3) seed)

    [<Fact>]
    member _.``uniform weights have the variance and the limits of their rule``() =
        for seed in 1L .. 3L do
            for initializer, limit in [ HeUniform, sqrt (6.0 / 200.0); GlorotUniform, sqrt (6.0 / 500.0) ] do
                let values = draw initializer seed
                check (limit * limit / 3.0) 1.8 values
                Assert.InRange(Array.max values, 0.999 * limit, limit)
                Assert.InRange(Array.min values, -limit, -0.999 * limit)

    [<Fact>]
    member _.``normal weights reach beyond what uniform ones may``() =
        // P(|x| > √3 σ) is 0.0833 for a normal variable.
        let limit = sqrt (3.0 * 2.0 / 200.0)

        let beyond =
            draw HeNormal 4L |> Array.filter (fun x -> abs x > limit) |> Array.length

        Assert.InRange(float beyond / float count, 0.0833 - 0.005, 0.0833 + 0.005)

    [<Fact>]
    member _.``zero is zero``() =
        Assert.All(draw Zero 1L, (fun x -> Assert.Equal(0.0, x)))

    [<Fact>]
    member _.``a key gives the same weights again, another key others``() =
        Assert.Equal<float[]>(draw HeNormal 1L, draw HeNormal 1L)
        Assert.NotEqual<float[]>(draw HeNormal 1L, draw HeNormal 2L)

    [<Fact>]
    member _.``a dense layer's inputs are its fan in``() =
        let layer = Dense.create HeNormal (Key.ofSeed 3L) fanIn fanOut
        Assert.Equal<int[]>([| fanIn; fanOut |], layer.Weight.Shape)
        check (2.0 / float fanIn) 3.0 (layer.Weight.ToFloat64s())
        Assert.Equal<float[]>(Array.zeroCreate fanOut, layer.Bias.ToFloat64s())
