namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// A variational autoencoder without hidden layers and with normal data is a factor model, x = W z + b + σ·noise, whose evidence
/// N(b, W Wᵀ + σ² 1) and posterior are known. With orthogonal columns in W the posterior is diagonal, and an encoder can give it.
type LinearGaussianTests() =
    static let sigma = 0.6
    static let columns = [| [| 1.0; 0.5; -0.5; 0.0 |]; [| 0.2; -0.4; 0.0; 1.2 |] |]
    static let offset = [| 0.3; -0.2; 0.1; 0.0 |]
    static let point = [| 1.1; -0.4; 0.7; 0.9 |]
    static let dot a b = Array.map2 (*) a b |> Array.sum
    static let squares = columns |> Array.map (fun w -> dot w w)
    static let centred = Array.map2 (-) point offset

    /// Along each column the data vary by |w|² + σ², elsewhere by σ².
    static let evidence =
        let along = columns |> Array.map (fun w -> dot w centred)
        let within = Array.map2 (fun a s -> a * a / s) along squares |> Array.sum

        let spread =
            Array.map2 (fun a s -> a * a / s / (s + sigma * sigma)) along squares
            |> Array.sum

        let size = squares |> Array.sumBy (fun s -> log (s + sigma * sigma))

        -0.5
        * (4.0 * log (2.0 * Math.PI)
           + size
           + 2.0 * log (sigma * sigma)
           + spread
           + (dot centred centred - within) / (sigma * sigma))

    static let posteriorVariance =
        squares |> Array.map (fun s -> 1.0 / (1.0 + s / (sigma * sigma)))

    static let posteriorMean =
        Array.map2 (fun w v -> v * dot w centred / (sigma * sigma)) columns posteriorVariance

    /// The model with an encoder that gives `mean + shift` and `variance·scale` of the posterior.
    static let vae shift scale : Vae =
        let readers =
            Array.map2 (fun w v -> w |> Array.map (fun x -> x * v / (sigma * sigma))) columns posteriorVariance

        let tensor shape values = Tensor.ofFloat64s shape values

        {
            Encoder = { Layers = [] }
            Mean =
                {
                    Weight = tensor [ 4; 2 ] (Array.transpose readers |> Array.concat)
                    Bias = tensor [ 2 ] (readers |> Array.map (fun r -> shift - dot r offset))
                }
            Spread =
                {
                    Weight = Tensor.zeros Float64 [ 4; 2 ]
                    Bias = tensor [ 2 ] (posteriorVariance |> Array.map (fun v -> log (v * scale)))
                }
            Parameterisation = LogVariance
            Decoder =
                {
                    Layers =
                        [
                            Dense
                                {
                                    Weight = tensor [ 2; 4 ] (Array.concat columns)
                                    Bias = tensor [ 4 ] offset
                                }
                        ]
                }
            Likelihood = Likelihood.Gaussian sigma
        }

    static let exact = vae 0.0 1.0
    static let rough = vae 0.4 1.8

    /// The point, once for each draw.
    static let repeated draws =
        Tensor.ofFloat64s [ 1; 4 ] point |> Tensor.broadcast [ draws; 4 ]

    static let bounds vae seed draws =
        let bound = Vae.elbo vae (Key.ofSeed seed) (repeated draws)
        (-(bound.Reconstruction + bound.Kl)).ToFloat64s()

    static let weighted vae k seed draws =
        (Vae.importanceWeighted vae k (Key.ofSeed seed) (repeated draws)).ToFloat64s()

    [<Fact>]
    member _.``the evidence is what averaging over codes gives``() =
        // p(x) = E p(x | z) over codes of the prior, 1/4 of a million of them.
        let draws = 250_000
        let z = Sample.normal (Key.ofSeed 1L) Float64 [ draws; 2 ]
        let likelihoods = Tensor.exp (-(Vae.reconstruction exact (repeated draws) z))
        Estimate.check "evidence" (exp evidence) (likelihoods.ToFloat64s())

    [<Fact>]
    member _.``the encoder set to it gives the posterior``() =
        let mean, logVar = Vae.encode exact (repeated 1)
        Close.tensor 1e-12 (List.ofArray posteriorMean) mean
        Close.tensor 1e-12 [ for v in posteriorVariance -> log v ] logVar

    [<Fact>]
    member _.``with the exact posterior the bound is the evidence``() =
        Estimate.check "bound" evidence (bounds exact 2L 20_000)

        // Every weight is then the evidence itself, whatever the draw.
        for k in [ 1; 5 ] do
            Close.check "weighted bound" 1e-10 (Array.create 20 evidence) (weighted exact k 3L 20)

    [<Fact>]
    member _.``with another encoder the bound lacks its divergence from the posterior``() =
        // KL between normals with the same mean up to a shift d and variances v·s and v, for each dimension.
        let gap =
            posteriorVariance
            |> Array.sumBy (fun v -> 0.5 * (1.8 + 0.4 * 0.4 / v - 1.0 - log 1.8))

        let found = bounds rough 4L 40_000
        Estimate.check "bound" (evidence - gap) found
        Assert.True(Estimate.mean found + 4.0 * Estimate.error found < evidence)

    [<Fact>]
    member _.``the importance-weighted bound rises to the evidence with the number of draws``() =
        let found = [ for k in [ 1; 4; 16; 64 ] -> weighted rough k (int64 (10 + k)) 4_000 ]

        for fewer, more in List.pairwise found do
            let error = sqrt (Estimate.error fewer ** 2.0 + Estimate.error more ** 2.0)
            Assert.True(Estimate.mean more > Estimate.mean fewer + 4.0 * error)

        for values in found do
            Assert.True(Estimate.mean values < evidence + 4.0 * Estimate.error values)

        let last = List.last found
        Assert.InRange(Estimate.mean last, evidence - 0.05, evidence + 4.0 * Estimate.error last)

    [<Fact>]
    member _.``the training loss of k codes falls to minus the evidence with k``() =
        let batch =
            {
                Rows = repeated 4_000
                Labels = None
                Weights = None
            }

        let loss k =
            let objective =
                VaeObjective.create
                    { VaeObjective.defaults with
                        ImportanceSamples = k
                    }

            let numbers = Map.ofList (objective.Evaluate rough (Key.ofSeed 21L) batch)
            numbers["loss"].ToScalar()

        let found = [ for k in [ 1; 4; 16; 64 ] -> loss k ]

        for fewer, more in List.pairwise found do
            Assert.True(more < fewer)

        Assert.InRange<float>(List.last found, -evidence - 0.02, -evidence + 0.05)

    [<Fact>]
    member _.``training the encoder finds the posterior``() =
        let x = repeated 64

        let optimizer =
            { Optimizer.adam 0.02 with
                Schedule = Cosine(600, 0.0)
            }

        // The decoder stays: its gradient is left out.
        let loss key (mean, logVar) =
            let z = Vae.sampleLatent key (Dense.apply mean x, Dense.apply logVar x)

            let kl =
                Tensor.sumOver [ 1 ] (Vae.klByDimension (Dense.apply mean x, Dense.apply logVar x))

            Tensor.mean (Vae.reconstruction exact x z + kl)

        let step (encoder, state: OptimizerState<Dense * Dense>) () =
            let key = Key.foldInTensor state.Step (Key.ofSeed 6L)
            Optimizer.update optimizer (grad (loss key) encoder) state encoder, ()

        let run = compileStep step
        let start = vae 0.4 1.8
        let start = start.Mean, start.Spread
        let mutable state = start, Optimizer.init optimizer start

        for _ in 1..600 do
            state <- fst (run state ())

        let mean, logVar = fst state
        Close.tensor 0.02 (List.ofArray posteriorMean) (Dense.apply mean (repeated 1))
        Close.tensor 0.05 [ for v in posteriorVariance -> log v ] (Dense.apply logVar (repeated 1))
