namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// Annealed importance sampling against exact log Z.
type AisTests() =
    static let means (rbm: Rbm) =
        Tensor.full rbm.Weight.DType [ Rbm.visibleCount rbm ] 0.4

    static let options chains temperatures =
        { Ais.defaults with
            Chains = chains
            Temperatures = temperatures
        }

    static let exactSamples n rbm = Partition.sample (Key.ofSeed 40L) n rbm

    /// A float64 machine with Gaussian units.
    static let gaussian =
        { Enumerated.machine 3 4 0.7 20L with
            Units =
                GaussianUnits
                    {
                        Carried = Tensor.ofFloat64s [ 3 ] [| 0.5; 1.0; 2.0 |]
                    }
        }

    static let machines =
        [ Enumerated.machine 4 3 1.0 21L; Enumerated.machine 8 8 0.8 22L; gaussian ]

    [<Fact>]
    member _.``temperatures rise from 0 to 1 in the published shares``() =
        for count in [ 1; 2; 29; 1000; 14_500 ] do
            let betas = Ais.temperatures count
            Assert.Equal(count + 1, betas.Length)
            Assert.Equal(0.0, betas[0])
            Assert.Equal(1.0, betas[count])
            Assert.True(Array.pairwise betas |> Array.forall (fun (a, b) -> a < b))

        let betas = Ais.temperatures 14_500
        Assert.Equal(0.5, betas[500], 12)
        Assert.Equal(0.9, betas[4_500], 12)

    [<Fact>]
    member _.``without weights log Z is exact on one temperature and has no error``() =
        for rbm in machines do
            let means = means rbm

            let rbm =
                Rbm.withMeans
                    means
                    { rbm with
                        Weight = Tensor.zerosLike rbm.Weight
                    }

            let exact = Partition.exact rbm

            for temperatures in [ 1; 7 ] do
                let found =
                    Ais.bracket (options 5 temperatures) (Key.ofSeed 1L) means rbm (exactSamples 5 rbm)

                for estimate in [ found.Forward; found.Reverse ] do
                    Assert.Equal(exact, estimate.LogZ, 10)
                    Assert.Equal(0.0, estimate.StandardError, 6)
                    Assert.Equal(5.0, estimate.EffectiveSamples, 6)

    [<Fact>]
    member _.``the mean weight is the ratio of the partition functions, however few the temperatures``() =
        for rbm in machines do
            let exact = Partition.exact rbm

            for temperatures in [ 1; 2; 5 ] do
                let found =
                    Ais.bracket (options 40_000 temperatures) (Key.ofSeed 2L) (means rbm) rbm (exactSamples 40_000 rbm)

                let near what (ratio: float) error =
                    Assert.True(abs (ratio - 1.0) <= 4.0 * error, $"{what}: {ratio} ± {error} at {temperatures} temperatures")

                near "Z" (exp (found.Forward.LogZ - exact)) found.Forward.StandardError
                near "1/Z" (exp (exact - found.Reverse.LogZ)) found.Reverse.StandardError

    [<Fact>]
    member _.``Z is unbiased over runs, and log Z is bracketed in expectation``() =
        let rbm = Enumerated.machine 8 6 1.5 23L
        let exact = Partition.exact rbm
        let samples = exactSamples 1200 rbm

        let runs =
            [|
                for run in 0..299 do
                    Ais.bracket (options 4 3) (Key.ofSeed (int64 run)) (means rbm) rbm (Tensor.slice 0 (4 * run) 4 samples)
            |]

        let forward = runs |> Array.map _.Forward.LogZ
        let reverse = runs |> Array.map _.Reverse.LogZ
        Estimate.check "Z" 1.0 (forward |> Array.map (fun logZ -> exp (logZ - exact)))
        Estimate.check "1/Z" 1.0 (reverse |> Array.map (fun logZ -> exp (exact - logZ)))
        // So few temperatures leave a gap that chance does not close.
        Assert.True(Estimate.mean forward + 3.0 * Estimate.error forward < exact)
        Assert.True(Estimate.mean reverse - 3.0 * Estimate.error reverse > exact)

    [<Fact>]
    member _.``many temperatures close the bracket around a machine for pictures``() =
        let rbm = Enumerated.machine 784 16 0.15 24L |> Tree.map (Tensor.cast Float32)
        let exact = Partition.exact rbm

        let found =
            Ais.bracket (options 50 1000) (Key.ofSeed 3L) (means rbm) rbm (exactSamples 50 rbm)

        for estimate in [ found.Forward; found.Reverse ] do
            Assert.InRange(exact, estimate.Low, estimate.High)
            Assert.True(abs (estimate.LogZ - exact) < 0.5, $"{estimate.LogZ} of {exact}")

        Assert.True(abs found.Gap < 1.0)

    [<Fact>]
    member _.``more temperatures bring both sides together``() =
        let rbm = Enumerated.machine 8 8 2.0 25L

        let gap temperatures =
            (Ais.bracket (options 200 temperatures) (Key.ofSeed 4L) (means rbm) rbm (exactSamples 200 rbm)).Gap

        Assert.True(gap 300 < gap 3)

    [<Fact>]
    member _.``errors and effective samples are those of the weights``() =
        // One temperature: weights are ratios at samples of the base machine, which can be drawn again.
        let rbm = Enumerated.machine 5 4 1.0 26L
        let means = means rbm
        let start = fst (Key.pair (Key.ofSeed 5L))

        let baseMachine =
            Rbm.withMeans
                means
                { rbm with
                    Weight = Tensor.zerosLike rbm.Weight
                    HiddenBias = Tensor.zerosLike rbm.HiddenBias
                }

        let v = Rbm.sampleVisible start baseMachine (Tensor.zeros Float64 [ 30; 4 ])

        let weights =
            (Rbm.freeEnergy baseMachine v - Rbm.freeEnergy rbm v).ToFloat64s()
            |> Array.map exp

        let mean = Array.average weights
        let error = Estimate.error weights / mean
        let logZ = Partition.exact baseMachine + log mean
        let found = Ais.forward (options 30 1) (Key.ofSeed 5L) means rbm
        Assert.Equal(logZ, found.LogZ, 10)
        Assert.Equal(error, found.StandardError, 10)
        Assert.Equal(Array.sum weights ** 2.0 / Array.sumBy (fun w -> w * w) weights, found.EffectiveSamples, 8)
        Assert.Equal(logZ + log (1.0 + 3.0 * error), found.High, 10)
        Assert.Equal(logZ + log (1.0 - 3.0 * error), found.Low, 10)

    [<Fact>]
    member _.``estimates have the same bits at any number of threads and in any run``() =
        let rbm = Enumerated.machine 30 20 0.5 27L |> Tree.map (Tensor.cast Float32)
        let samples = exactSamples 70 rbm

        let found =
            [
                for name in TestEngines.threads @ TestEngines.threads do
                    Ais.bracketOn (TestEngines.find name) (options 70 20) (Key.ofSeed 6L) (means rbm) rbm samples
            ]

        Assert.Single(List.distinct found) |> ignore

    [<Fact>]
    member _.``a second estimate compiles nothing``() =
        let recorder = Recorder Tiny.engine
        let engine = recorder.Engine

        for seed in 1L .. 3L do
            let rbm = Enumerated.machine 6 5 1.0 seed

            Ais.bracketOn engine (options 10 5) (Key.ofSeed seed) (means rbm) rbm (exactSamples 10 rbm)
            |> ignore

        // Both ways have one program.
        Assert.Equal(1, recorder.Programs.Length)

    [<Fact>]
    member _.``too few chains or temperatures are refused``() =
        let rbm = machines.Head

        let refused name options samples =
            let error =
                throws<ArgumentException>(fun () ->
                    Ais.bracket options (Key.ofSeed 7L) (means rbm) rbm (exactSamples samples rbm)
                    |> ignore)

            Assert.Contains(name, error.Message)

        refused "chains" (options 1 10) 5
        refused "chains" (options 5 10) 1
        refused "Temperatures" (options 5 0) 5
