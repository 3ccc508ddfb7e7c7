namespace Functional.Core.Tests

open System
open Functional.Core
open Functional.Core.Engines
open Xunit

/// log Z against sums over all states, integrals, and closed forms.
type PartitionTests() =
    static let softplus x = log (1.0 + exp x)

    /// A float64 machine with two Gaussian units, three hidden ones.
    static let gaussian deviation =
        { Enumerated.machine 2 3 deviation 11L with
            Units =
                GaussianUnits
                    {
                        Carried = Tensor.ofFloat64s [ 2 ] [| 0.5; 2.0 |]
                    }
        }

    /// Whether counts over states are drawn from these probabilities: χ² within 5 deviations of its mean.
    static let checkCounts (probabilities: float[]) (counts: int[]) =
        let n = float (Array.sum counts)
        let freedom = float (counts.Length - 1)

        let chiSquared =
            Array.fold2 (fun sum p count -> sum + (float count - n * p) ** 2.0 / (n * p)) 0.0 probabilities counts

        Assert.True(abs (chiSquared - freedom) < 5.0 * sqrt (2.0 * freedom), $"χ² = {chiSquared} of {freedom} degrees of freedom")

    [<Theory>]
    [<InlineData(4, 3)>]
    [<InlineData(3, 5)>]
    [<InlineData(8, 8)>]
    [<InlineData(1, 1)>]
    member _.``exact log Z is the sum over all joint states``(visible, hidden) =
        for deviation in [ 0.1; 1.0; 5.0 ] do
            let rbm = Enumerated.machine visible hidden deviation 1L
            Assert.Equal(Enumerated.logZ rbm, Partition.exact rbm, 11)

    [<Fact>]
    member _.``a million states lose no tail``() =
        // The units are independent, so Z is a product. By far the most states weigh nothing beside the largest, and all together count.
        let c = Array.init 20 (fun j -> 0.1 * float (j - 12))

        let rbm =
            { Enumerated.machine 21 20 0.0 2L with
                HiddenBias = Tensor.ofFloat64s [ 20 ] c
            }

        let expected =
            Array.sumBy softplus c + Array.sumBy softplus (rbm.VisibleBias.ToFloat64s())

        Assert.Equal(expected, Partition.exact rbm, 10)
        Assert.Equal(expected, Partition.exact (Tree.map (Tensor.cast Float32) rbm), 4)

    [<Fact>]
    member _.``float32 parameters of a machine for pictures cost less than a thousandth of a nat``() =
        let rbm = Enumerated.machine 784 12 0.3 3L
        Assert.Equal(Partition.exact rbm, Partition.exact (Tree.map (Tensor.cast Float32) rbm), 3)

    [<Fact>]
    member _.``both layers give the same``() =
        let rbm = Enumerated.machine 4 7 1.0 4L

        let turned =
            {
                Weight = Tensor.transpose rbm.Weight
                VisibleBias = rbm.HiddenBias
                HiddenBias = rbm.VisibleBias
                Units = BernoulliUnits
            }

        Assert.Equal(Partition.exact turned, Partition.exact rbm, 12)

    [<Fact>]
    member _.``Gaussian units are integrated``() =
        let rbm = gaussian 0.8
        // e^(−F) over a grid that reaches 9 deviations beyond what the hidden units can move.
        let step = 0.05
        let grid = [| -16.0 .. step .. 16.0 |]

        let weights =
            (Rbm.freeEnergy rbm (Enumerated.rows (Array.allPairs grid grid |> Array.map (fun (x, y) -> [| x; y |])))).ToFloat64s()
            |> Array.map (fun f -> exp -f)

        Assert.Equal(log (step * step * Array.sum weights), Partition.exact rbm, 9)

    [<Fact>]
    member _.``without weights Gaussian units are so many normal distributions``() =
        let rbm = gaussian 0.0

        let expected =
            0.5 * (log (2.0 * Math.PI * 0.5) + log (2.0 * Math.PI * 2.0))
            + Array.sumBy softplus (rbm.HiddenBias.ToFloat64s())

        Assert.Equal(expected, Partition.exact rbm, 12)

    [<Fact>]
    member _.``the likelihoods of all states add up to one, and are the mean of what enumeration gives``() =
        let rbm = Enumerated.machine 5 4 1.5 5L
        let states = Enumerated.states 5
        let logZ = Partition.exact rbm

        let likelihoods =
            states
            |> Array.map (fun v -> Partition.logLikelihood logZ rbm (Enumerated.rows [| v |]))

        Assert.Equal(1.0, likelihoods |> Array.sumBy exp, 12)
        Assert.Equal(Array.average likelihoods, Partition.logLikelihood logZ rbm (Enumerated.rows states), 12)
        Close.check "p(v)" 1e-12 (Enumerated.probabilities rbm) (likelihoods |> Array.map exp)

    [<Fact>]
    member _.``offsets that centre the units move log Z but no likelihood``() =
        // E = −(v − μ)·b − h'·c − (v − μ)·W·h' with h' = h − λ is another machine's energy but for a constant.
        let rbm = Enumerated.machine 3 4 1.0 6L
        let mu = Tensor.ofFloat64s [ 3 ] [| 0.2; 0.9; 0.4 |]
        let lambda = Tensor.ofFloat64s [ 4 ] [| 0.5; 0.1; 0.7; 0.3 |]
        let lambdaRow = Tensor.unsqueeze 0 lambda

        let centred =
            Enumerated.states 3
            |> Array.map (fun v ->
                let v = Enumerated.rows [| v |] - mu

                Enumerated.states 4
                |> Array.sumBy (fun h ->
                    let h = Enumerated.rows [| h |] - lambdaRow

                    let energy =
                        -(Tensor.sum (v * rbm.VisibleBias)
                          + Tensor.sum (h * rbm.HiddenBias)
                          + Tensor.sum (Tensor.matmul v rbm.Weight * h))

                    exp -(energy.ToScalar())))

        let uncentred =
            { rbm with
                VisibleBias = rbm.VisibleBias - Tensor.mv rbm.Weight lambda
                HiddenBias = rbm.HiddenBias - Tensor.mv (Tensor.transpose rbm.Weight) mu
            }

        let expected = centred |> Array.map (fun weight -> log (weight / Array.sum centred))
        let logZ = Partition.exact uncentred

        let found =
            Enumerated.states 3
            |> Array.map (fun v -> Partition.logLikelihood logZ uncentred (Enumerated.rows [| v |]))

        Close.check "log p(v)" 1e-12 expected found

    [<Theory>]
    [<InlineData(5, 3)>]
    [<InlineData(3, 5)>]
    member _.``exact draws have the model's frequencies``(visible, hidden) =
        let rbm = Enumerated.machine visible hidden 1.0 7L
        let drawn = (Partition.sample (Key.ofSeed 8L) 20_000 rbm).ToFloat64s()

        let numbers =
            drawn
            |> Array.chunkBySize visible
            |> Array.map (Array.mapi (fun i v -> int v <<< i) >> Array.sum)

        let counts = Array.zeroCreate (1 <<< visible)

        for number in numbers do
            counts[number] <- counts[number] + 1

        checkCounts (Enumerated.probabilities rbm) counts

    [<Fact>]
    member _.``one program goes through all states, and serves machines of one size``() =
        let recorder = Recorder Tiny.engine
        let engine = recorder.Engine

        for seed in 1L .. 3L do
            Partition.exactOn engine (Enumerated.machine 15 14 1.0 seed) |> ignore

        Assert.Equal(1, recorder.Programs.Length)

    [<Fact>]
    member _.``log Z has the same bits at any number of threads``() =
        let rbm = Enumerated.machine 40 13 1.0 9L

        let found =
            TestEngines.threads
            |> List.map (fun name -> Partition.exactOn (TestEngines.find name) rbm)

        Assert.Single(List.distinct found) |> ignore

    [<Fact>]
    member _.``more states than can be gone through are refused``() =
        let error =
            throws<ArgumentException>(fun () -> Partition.exact (Enumerated.machine 30 21 1.0 10L) |> ignore)

        Assert.Contains("21 units", error.Message)
        Assert.Contains("Ais", error.Message)
        Assert.False(Partition.isEnumerable (Enumerated.machine 30 21 1.0 10L))
        Assert.True(Partition.isEnumerable (Enumerated.machine 20 300 1.0 10L))
