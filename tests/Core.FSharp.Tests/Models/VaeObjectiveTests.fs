namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// What training of a variational autoencoder minimises, against formulas in float64.
type VaeObjectiveTests() =
    static let vae =
        Vae.create
            {
                Inputs = 6
                Hidden = [ 5 ]
                LatentSize = 3
                Activation = Activation.Tanh
                Likelihood = Bernoulli
            }
            (Key.ofSeed 3L)
        |> Tree.map (Tensor.cast Float64)

    static let x = Sample.uniform (Key.ofSeed 4L) Float64 [ 7; 6 ]

    static let batch rows =
        {
            Rows = rows
            Labels = None
            Weights = None
        }

    static let input step seed rows : StepInput =
        {
            Key = Key.ofSeed seed
            Step = Tensor.ofInt32s [] [| step |]
            Batch = batch rows
        }

    static let numbers (reported: (string * Tensor) list) =
        Map.ofList [ for name, value in reported -> name, value.ToScalar() ]

    static let outcome options input =
        (VaeObjective.create options).Loss vae input

    [<Fact>]
    member _.``the two parameterisations give one bound for equal distributions``() =
        // softplus(h) is to be the deviation e^(s/2), at any s that the first form gives.
        let logVar = vae.Spread.Bias + Tensor.ofFloat64s [ 3 ] [| -3.0; 0.4; 2.0 |]

        let withSpread parameterisation bias =
            { vae with
                Parameterisation = parameterisation
                Spread =
                    {
                        Weight = Tensor.zerosLike vae.Spread.Weight
                        Bias = bias
                    }
            }

        let deviation =
            withSpread Deviation (Tensor.log (Tensor.expm1 (Tensor.exp (0.5 * logVar))))

        let bounds =
            [ withSpread LogVariance logVar; deviation ]
            |> List.map (fun vae -> Vae.elbo vae (Key.ofSeed 5L) x)

        Close.check "reconstruction" 1e-12 (bounds[0].Reconstruction.ToFloat64s()) (bounds[1].Reconstruction.ToFloat64s())
        Close.check "kl" 1e-12 (bounds[0].Kl.ToFloat64s()) (bounds[1].Kl.ToFloat64s())

    [<Fact>]
    member _.``the deviation is the softplus of its head``() =
        let vae =
            { vae with
                Parameterisation = Deviation
            }

        let mean, logVar = Vae.encode vae x
        let head = Dense.apply vae.Spread (Network.infer vae.Encoder x)
        let sigma = head.ToFloat64s() |> Array.map (fun h -> log (1.0 + exp h))
        Close.check "deviation" 1e-12 sigma ((Tensor.exp (0.5 * logVar)).ToFloat64s())

        let kl =
            Array.map2 (fun m s -> 0.5 * (m * m + s * s - 1.0) - log s) (mean.ToFloat64s()) sigma

        Close.check "kl" 1e-12 kl ((Vae.klByDimension (mean, logVar)).ToFloat64s())

    [<Fact>]
    member _.``the weight of the divergence follows the steps``() =
        let options =
            { VaeObjective.defaults with
                Beta = 2.0
                BetaSchedule = Warmup 4
            }

        for step, expected in [ 0, 0.5; 1, 1.0; 3, 2.0; 4, 2.0; 1000, 2.0 ] do
            let step = Tensor.ofInt32s [] [| step |]
            Close.tensor 1e-15 [ expected ] (VaeObjective.betaAt options step)

        for step, expected in [ 0, 0.5; 2, 1.5; 9, 2.0 ] do
            let outcome = outcome options (input step 6L x)
            let parts = numbers outcome.Reported
            Close.tensor 1e-12 [ parts["reconstruction"] + expected * parts["kl"] ] outcome.Loss

    [<Fact>]
    member _.``held-out rows are measured with the whole weight``() =
        let options =
            { VaeObjective.defaults with
                Beta = 3.0
                BetaSchedule = Warmup 1000
            }

        let parts =
            numbers ((VaeObjective.create options).Evaluate vae (Key.ofSeed 6L) (batch x))

        Assert.Equal(parts["reconstruction"] + 3.0 * parts["kl"], parts["loss"], 12)

    [<Fact>]
    member _.``one program serves all weights on the way``() =
        let recorder = Recorder Tiny.engine

        let objective =
            VaeObjective.create
                { VaeObjective.defaults with
                    BetaSchedule = Warmup 7
                }

        let training =
            Training(recorder.Engine, objective, Tiny.options, Tiny.model 1L, Tiny.train, None)

        Tiny.finish training |> ignore
        // A step of a whole batch and one of the last.
        Assert.Equal(2, recorder.Programs.Length)

    [<Fact>]
    member _.``the loss of k codes is what the densities of the codes give``() =
        let k = 4
        let pass = Vae.pass Mode.Infer k (Key.ofSeed 7L) vae x
        let mean, logVar = pass.Code
        let costs, z = pass.Costs.ToFloat64s(), pass.Latents.ToFloat64s()
        let mean, logVar = mean.ToFloat64s(), logVar.ToFloat64s()

        let logNormal mean logVar z =
            -0.5 * ((z - mean) * (z - mean) / exp logVar + logVar + log (2.0 * Math.PI))

        for beta in [ 1.0; 0.3 ] do
            let bound row =
                let weight i =
                    let ratio j =
                        let at = row * 3 + j
                        let z = z[(i * 7 + row) * 3 + j]
                        logNormal 0.0 0.0 z - logNormal mean[at] logVar[at] z

                    exp (beta * (ratio 0 + ratio 1 + ratio 2) - costs[i * 7 + row])

                log (Seq.init k weight |> Seq.average)

            let found = Vae.meanWeight (Vae.logWeights (Tensor.full Float64 [] beta) pass)
            Close.check "bound" 1e-12 (Array.init 7 bound) (found.ToFloat64s())

    [<Fact>]
    member _.``a gradient through k codes is what finite differences show``() =
        let objective =
            VaeObjective.create
                { VaeObjective.defaults with
                    Beta = 0.7
                    ImportanceSamples = 3
                }

        Slope.check 1e-7 (fun vae -> (objective.Loss vae (input 0 8L x)).Loss) vae

    [<Fact>]
    member _.``pixels drawn at every step are black or white and right on average``() =
        let wide =
            Tensor.broadcast [ 4000; 6 ] (Tensor.ofFloat64s [ 6 ] [| 0.0; 0.1; 0.25; 0.5; 0.9; 1.0 |])

        let draw seed =
            Binarisation.each Binarisation.Dynamic (Key.ofSeed seed) wide

        let drawn = draw 1L
        Assert.All(drawn.ToFloat64s(), (fun value -> Assert.True((value = 0.0 || value = 1.0))))
        Assert.NotEqual<float[]>(drawn.ToFloat64s(), (draw 2L).ToFloat64s())

        let columns = drawn.ToFloat64s() |> Array.chunkBySize 6 |> Array.transpose

        for level, column in Array.zip [| 0.0; 0.1; 0.25; 0.5; 0.9; 1.0 |] columns do
            Estimate.check $"level {level}" level column

    [<Fact>]
    member _.``only draws of every step change the loss of grey rows from key to key alone``() =
        // Rows that are black and white already are what every way of drawing gives.
        let whole = Tensor.gt x (Tensor.full Float64 [] 0.5)

        let loss binarisation rows =
            let options =
                { VaeObjective.defaults with
                    Binarisation = binarisation
                }

            (outcome options (input 0 9L rows)).Loss.ToScalar()

        for binarisation in [ Binarisation.Threshold; Binarisation.Static; Binarisation.Dynamic ] do
            Assert.Equal(loss Binarisation.None whole, loss binarisation whole, 12)

        Assert.NotEqual(loss Binarisation.None x, loss Binarisation.Dynamic x)

    [<Fact>]
    member _.``sets are made black and white once where that was asked for``() =
        let key = Threefry.ofSeed 3L
        let set = Tiny.rowsOf 5L 300

        let once binarisation =
            (Binarisation.once binarisation key set).Features

        Assert.Same(set.Features, once Binarisation.None)
        Assert.Same(set.Features, once Binarisation.Dynamic)
        Assert.Equal<float32[]>(set.Features |> Array.map round, once Binarisation.Threshold)
        let drawn = once Binarisation.Static
        Assert.Equal<float32[]>(drawn, once Binarisation.Static)
        Assert.All(drawn, (fun value -> Assert.True((value = 0.0f || value = 1.0f))))
        Estimate.check "difference" 0.0 (Array.map2 (fun (level: float32) drawn -> float (drawn - level)) set.Features drawn)
