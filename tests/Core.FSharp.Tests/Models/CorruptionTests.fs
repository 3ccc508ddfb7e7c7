namespace Functional.Core.Tests

open Functional.Core
open Xunit

/// What corruptions do to rows, by number and by statistics.
type CorruptionTests() =
    static let key = Key.ofSeed 21L
    static let x = Sample.uniform (Key.ofSeed 22L) Float64 [ 200; 100 ] + 1.0
    static let clean = x.ToFloat64s()

    static let corrupted corruption =
        (Corruption.apply corruption key x).ToFloat64s()

    /// 1 for every number that the corruption changed, 0 for the others.
    static let changed corruption =
        Array.map2 (fun before after -> if before = after then 0.0 else 1.0) clean (corrupted corruption)

    [<Fact>]
    member _.``Gaussian noise has mean 0 and the deviation asked for``() =
        let noise = Array.map2 (-) (corrupted (GaussianNoise 0.7)) clean
        Estimate.check "mean" 0.0 noise
        Estimate.check "variance" 0.49 (noise |> Array.map (fun e -> e * e))
        Estimate.check "fourth moment" (3.0 * 0.49 * 0.49) (noise |> Array.map (fun e -> e ** 4.0))

    [<Fact>]
    member _.``masked numbers are 0, as many as asked for, and the others stay``() =
        let found = corrupted (Masking 0.1)
        Assert.All(Array.zip clean found, (fun (before, after) -> Assert.True(after = 0.0 || after = before)))
        Estimate.check "share" 0.1 (changed (Masking 0.1))

    [<Fact>]
    member _.``random intensities are uniform, as many as asked for, and the others stay``() =
        let found = corrupted (RandomIntensity 0.3)

        let drawn =
            Array.zip clean found |> Array.filter (fun (a, b) -> a <> b) |> Array.map snd

        Assert.All(drawn, (fun value -> Assert.InRange(value, 0.0, 1.0)))
        Estimate.check "share" 0.3 (changed (RandomIntensity 0.3))
        Estimate.check "mean" 0.5 drawn
        Estimate.check "second moment" (1.0 / 3.0) (drawn |> Array.map (fun v -> v * v))

    [<Fact>]
    member _.``dropout keeps the mean of what is left``() =
        let found = corrupted (InputDropout 0.3)

        for before, after in Array.zip clean found do
            Assert.True(after = 0.0 || abs (after - before / 0.7) < 1e-12)

        Estimate.check "mean" 0.0 (Array.map2 (-) found clean)

    [<Fact>]
    member _.``nothing is corrupted by nothing, everything by a share of 1``() =
        for corruption in
            [
                Intact
                GaussianNoise 0.0
                Masking 0.0
                RandomIntensity 0.0
                InputDropout 0.0
            ] do
            Assert.Equal<float[]>(clean, corrupted corruption)

        Assert.All(corrupted (Masking 1.0), (fun value -> Assert.Equal(0.0, value)))
        Assert.All(corrupted (RandomIntensity 1.0), (fun value -> Assert.InRange(value, 0.0, 1.0)))

    [<Fact>]
    member _.``the key alone decides``() =
        for corruption in [ GaussianNoise 1.0; Masking 0.5; RandomIntensity 0.5; InputDropout 0.5 ] do
            let other = (Corruption.apply corruption (Key.ofSeed 23L) x).ToFloat64s()
            Assert.Equal<float[]>(corrupted corruption, corrupted corruption)
            Assert.NotEqual<float[]>(corrupted corruption, other)
