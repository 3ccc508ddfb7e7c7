namespace Functional.Core.Tests

open Functional.Core
open Xunit

/// Effective sizes and R-hat of draws whose answers are known.
type DiagnosticsTests() =
    /// Draws of one number from chains given one by one.
    static let ofChains (chains: float[] list) =
        Array3D.init chains.Head.Length chains.Length 1 (fun draw chain _ -> chains[chain][draw])

    static let normals seed count chains =
        let z = (Sample.normal (Key.ofSeed seed) Float64 [ chains; count ]).ToFloat64s()
        [ for chain in 0 .. chains - 1 -> z[chain * count .. (chain + 1) * count - 1] ]

    /// Stationary chains x' = φ·x + √(1 − φ²)·z.
    static let autoregressive (phi: float) seed count chains =
        normals seed count chains
        |> List.map (fun z -> z[1..] |> Array.scan (fun x z -> phi * x + sqrt (1.0 - phi * phi) * z) z[0])

    /// Within chains W and between chains B of Gelman et al. 2013, section 11.4, for half chains written out.
    static let rHatByHand (halves: float list list) =
        let n = float halves.Head.Length
        let means = halves |> List.map List.average
        let mean = List.average means

        let between =
            n / float (halves.Length - 1) * List.sumBy (fun m -> (m - mean) ** 2.0) means

        let within =
            List.zip halves means
            |> List.averageBy (fun (half, m) -> List.sumBy (fun x -> (x - m) ** 2.0) half / (n - 1.0))

        sqrt (((n - 1.0) / n * within + between / n) / within)

    [<Theory; InlineData 1; InlineData 4>]
    member _.``independent draws count in full``(chains: int) =
        let size = Diagnostics.effectiveSampleSize (ofChains (normals 1L 4000 chains))
        Assert.InRange(size[0] / float (4000 * chains), 0.9, 1.1)

    [<Theory; InlineData 0.5; InlineData 0.9; InlineData -0.4>]
    member _.``chains that remember the last draw count by the closed form``(phi: float) =
        let size =
            Diagnostics.effectiveSampleSize (ofChains (autoregressive phi 2L 10000 4))

        // Σ φᵗ over all lags on both sides is (1 + φ)/(1 − φ).
        let expected = 40000.0 * (1.0 - phi) / (1.0 + phi)
        Assert.InRange(size[0] / expected, 0.85, 1.15)

    [<Fact>]
    member _.``the standard error is that of repeated means``() =
        let repetitions = 200

        let draws =
            [
                for seed in 1..repetitions -> ofChains (autoregressive 0.8 (int64 seed) 500 2)
            ]

        let moments = draws |> List.map (fun draws -> (Diagnostics.moments draws)[0])
        let spread = moments |> List.averageBy (fun found -> found.Mean ** 2.0) |> sqrt
        let told = moments |> List.averageBy _.StandardError
        // The spread of 200 means is itself known to 5 %.
        Assert.InRange(told / spread, 0.85, 1.15)

    [<Fact>]
    member _.``chains that swing count for more than independent draws, within reason``() =
        let swinging = Array.init 100 (fun i -> if i % 2 = 0 then 1.0 else -1.0)
        let size = Diagnostics.effectiveSampleSize (ofChains [ swinging ])
        Close.check "size" 1e-12 [| 100.0 * 2.0 |] size

    [<Fact>]
    member _.``R-hat is the formula``() =
        let a, b = [ 1.0; 3.0; 2.0; 5.0; 4.0; 0.5 ], [ 2.0; 7.0; 1.0; 1.5; 6.0; 2.5 ]
        let halves = [ a[..2]; a[3..]; b[..2]; b[3..] ]
        let found = Diagnostics.rHat (ofChains (List.map List.toArray [ a; b ]))
        Close.check "R-hat" 1e-14 [| rHatByHand halves |] found

    [<Fact>]
    member _.``the middle of an odd number of draws is left out``() =
        let chain = [ 1.0; 3.0; 2.0; 100.0; 5.0; 4.0; 0.5 ]
        let found = Diagnostics.rHat (ofChains [ List.toArray chain ])
        Close.check "R-hat" 1e-14 [| rHatByHand [ chain[..2]; chain[4..] ] |] found

    [<Fact>]
    member _.``R-hat is near 1 for chains alike, and far from it for shifted and drifting ones``() =
        let chains = normals 4L 1000 4
        let rHat chains = (Diagnostics.rHat (ofChains chains))[0]
        Assert.InRange(rHat chains, 0.999, 1.005)
        Assert.InRange(rHat ((chains.Head |> Array.map ((+) 2.0)) :: chains.Tail), 1.2, 2.0)
        Assert.InRange(rHat (chains |> List.map (Array.mapi (fun i x -> x + float i / 300.0))), 1.2, 2.0)

    [<Fact>]
    member _.``disagreeing chains count for few``() =
        let chains = normals 5L 1000 2

        let size =
            Diagnostics.effectiveSampleSize (ofChains [ chains[0]; Array.map ((+) 4.0) chains[1] ])

        Assert.InRange(size[0], 1.0, 10.0)

    [<Fact>]
    member _.``ranks become normal quantiles, and equal draws share theirs``() =
        let found = Diagnostics.rankNormalised (ofChains [ [| 3.0; 1.0 |]; [| 2.0; 2.0 |] ])
        let score rank = Quantile.normal ((rank - 0.375) / 4.25)
        Assert.Equal<float[,,]>(ofChains [ [| score 4.0; score 1.0 |]; [| score 2.5; score 2.5 |] ], found)

    [<Fact>]
    member _.``without a variance only ranks tell that chains disagree``() =
        let cauchy seed = normals seed 2000 2
        let ratio (pair: float[] list) = Array.map2 (/) pair[0] pair[1]

        let chains =
            ofChains [ ratio (cauchy 6L); ratio (cauchy 7L) |> Array.map ((+) 10.0) ]

        Assert.InRange((Diagnostics.rHat chains)[0], 0.99, 1.01)
        Assert.InRange((Diagnostics.rHat (Diagnostics.rankNormalised chains))[0], 1.2, 3.0)

    [<Fact>]
    member _.``each number has its own result``() =
        let chains = [ normals 8L 200 2; autoregressive 0.9 9L 200 2 ]

        let together =
            Array3D.init 200 2 2 (fun draw chain number -> chains[number].[chain].[draw])

        let alone = chains |> List.map (ofChains >> Diagnostics.moments >> Array.exactlyOne)
        Assert.Equal<Moments[]>(List.toArray alone, Diagnostics.moments together)

    [<Fact>]
    member _.``what can not be told is not a number``() =
        let still = Array.create 10 1.5
        let broken = [| 1.0; 2.0; nan; 3.0; 4.0 |]

        for chain in [ still; broken; [| 1.0; 2.0; 3.0 |] ] do
            let draws = ofChains [ chain ]
            Close.check "size" 0.0 [| nan |] (Diagnostics.effectiveSampleSize draws)
            Close.check "R-hat" 0.0 [| nan |] (Diagnostics.rHat draws)

        let moments chain =
            Array.exactlyOne (Diagnostics.moments (ofChains [ chain ]))

        let found = moments still
        Assert.Equal((1.5, 0.0), (found.Mean, found.Variance))
        Assert.True(System.Double.IsNaN found.StandardError)
        Assert.True(System.Double.IsNaN (moments broken).Mean)
        Close.check "ranks" 0.0 [| nan |] (Diagnostics.rHat (Diagnostics.rankNormalised (ofChains [ broken ])))
