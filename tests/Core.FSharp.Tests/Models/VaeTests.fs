namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// The pieces of a variational autoencoder against direct formulas.
type VaeTests() =
    static let form likelihood =
        {
            Inputs = 6
            Hidden = [ 5; 4 ]
            LatentSize = 3
            Activation = Activation.Tanh
            Likelihood = likelihood
        }

    static let vae likelihood =
        Vae.create (form likelihood) (Key.ofSeed 3L) |> Tree.map (Tensor.cast Float64)

    static let x = Sample.uniform (Key.ofSeed 4L) Float64 [ 7; 6 ]
    static let key = Key.ofSeed 5L
    static let likelihoods = [ Bernoulli; Likelihood.Gaussian 0.5 ]

    /// The numbers of a matrix, row by row.
    static let rows (tensor: Tensor) =
        tensor.ToFloat64s() |> Array.chunkBySize tensor.Shape[1]

    static let sumRows2 f a b =
        Array.map2 (fun a b -> Array.map2 f a b |> Array.sum) (rows a) (rows b)

    [<Fact>]
    member _.``layers have the sizes asked for, the decoder's in reverse``() =
        let shapes =
            Tree.leaves (vae Bernoulli)
            |> Array.map (fun leaf -> leaf.Path, List.ofArray leaf.Tensor.Shape)
            |> Map

        Assert.Equal<int list>([ 6; 5 ], shapes["Encoder.Layers.0.Weight"])
        Assert.Equal<int list>([ 5; 4 ], shapes["Encoder.Layers.2.Weight"])
        Assert.Equal<int list>([ 4; 3 ], shapes["Mean.Weight"])
        Assert.Equal<int list>([ 4; 3 ], shapes["Spread.Weight"])
        Assert.Equal<int list>([ 3; 4 ], shapes["Decoder.Layers.0.Weight"])
        Assert.Equal<int list>([ 4; 5 ], shapes["Decoder.Layers.2.Weight"])
        Assert.Equal<int list>([ 5; 6 ], shapes["Decoder.Layers.4.Weight"])

    [<Fact>]
    member _.``without hidden layers encoder and decoder are affine``() =
        let flat = Vae.create { form Bernoulli with Hidden = [] } (Key.ofSeed 1L)
        let mean, logVar = Vae.encode flat (Tensor.zeros Float32 [ 2; 6 ])
        Assert.Equal<int[]>([| 2; 3 |], mean.Shape)
        Assert.Equal<int[]>([| 2; 3 |], logVar.Shape)
        Assert.Equal<int[]>([| 2; 6 |], (Vae.decode flat mean).Shape)

    [<Fact>]
    member _.``the bound's parts are those of the formulas``() =
        for likelihood in likelihoods do
            let vae = vae likelihood
            let mean, logVar = Vae.encode vae x
            let bound = Vae.elbo vae key x
            let noise = Sample.normal key Float64 [ 7; 3 ]
            let output = Vae.decodeLogits vae (mean + Tensor.exp (logVar / 2.0) * noise)

            let cost output x =
                match likelihood with
                | Bernoulli ->
                    let p = 1.0 / (1.0 + exp -output)
                    -(x * log p + (1.0 - x) * log (1.0 - p))
                | Likelihood.Gaussian deviation ->
                    let z = (x - output) / deviation
                    0.5 * z * z + log deviation + 0.5 * log (2.0 * Math.PI)

            let kl =
                sumRows2 (fun mean logVar -> 0.5 * (mean * mean + exp logVar - 1.0 - logVar)) mean logVar

            Close.check "reconstruction" 1e-12 (sumRows2 cost output x) (bound.Reconstruction.ToFloat64s())
            Close.check "kl" 1e-12 kl (bound.Kl.ToFloat64s())

    [<Fact>]
    member _.``the loss weighs the divergence by beta``() =
        let bound = Vae.elbo (vae Bernoulli) key x

        let reconstruction, kl =
            (Tensor.mean bound.Reconstruction).ToScalar(), (Tensor.mean bound.Kl).ToScalar()

        for beta in [ 0.0; 1.0; 4.0 ] do
            Close.tensor 1e-12 [ reconstruction + beta * kl ] (Vae.loss beta bound)

    [<Fact>]
    member _.``a standard normal code diverges by nothing, any other by something``() =
        let kl mean logVar =
            (Vae.klByDimension (Tensor.vector [ mean ], Tensor.vector [ logVar ])).ToScalar()

        Assert.Equal(0.0, kl 0.0 0.0)

        for mean, logVar in [ 0.5, 0.0; 0.0, 0.5; 0.0, -0.5; -2.0, 1.0 ] do
            Assert.True(kl mean logVar > 0.01)

    [<Fact>]
    member _.``the closed form of the divergence is the mean of log q − log p over draws``() =
        let draws = 40000

        let wide (values: float list) =
            Tensor.ofFloat64s [ 1; 3 ] (List.toArray values)
            |> Tensor.broadcast [ draws; 3 ]

        let mean, logVar = wide [ 0.5; -1.0; 0.0 ], wide [ -1.0; 0.3; 0.0 ]
        let z = Vae.sampleLatent (Key.ofSeed 8L) (mean, logVar)
        let zero = Tensor.zerosLike mean
        let ratios = (Loss.gaussian zero zero z - Loss.gaussian mean logVar z).ToFloat64s()

        let exact =
            (Tensor.sumOver [ 1 ] (Vae.klByDimension (mean, logVar))).ToFloat64s()[0]

        Estimate.check "divergence" exact ratios

    [<Fact>]
    member _.``gradients pass through the draw of a code``() =
        let mean = Tensor.ofFloat64s [ 1; 2 ] [| 0.5; -1.0 |]
        let logVar = Tensor.ofFloat64s [ 1; 2 ] [| 0.2; -0.7 |]
        let z = Vae.sampleLatent key (mean, logVar)
        let weights = Tensor.ofFloat64s [ 1; 2 ] [| 3.0; 5.0 |]

        let byMean, byLogVar =
            grad (fun code -> Tensor.sum (weights * Vae.sampleLatent key code)) (mean, logVar)

        Close.tensor 1e-12 [ 3.0; 5.0 ] byMean
        Close.check "slope in logVar" 1e-12 ((0.5 * weights * (z - mean)).ToFloat64s()) (byLogVar.ToFloat64s())

    [<Fact>]
    member _.``the gradient of the loss is what finite differences show``() =
        for likelihood in likelihoods do
            Slope.check 1e-7 (fun vae -> Vae.loss 1.5 (Vae.elbo vae key x)) (vae likelihood)

    [<Fact>]
    member _.``decoded pixels are probabilities, decoded means are any number``() =
        let z = 30.0 * Sample.normal key Float64 [ 50; 3 ]
        let pixels = (Vae.decode (vae Bernoulli) z).ToFloat64s()
        Assert.All(pixels, (fun p -> Assert.InRange(p, 0.0, 1.0)))
        let means = (Vae.decode (vae (Likelihood.Gaussian 0.5)) z).ToFloat64s()
        Assert.Contains(means, (fun m -> m < 0.0))

    [<Fact>]
    member _.``samples have a row each and depend on the key alone``() =
        for likelihood in likelihoods do
            for vae in [ vae likelihood; Vae.create (form likelihood) (Key.ofSeed 3L) ] do
                let sample seed = Vae.sample vae (Key.ofSeed seed) 9
                Assert.Equal<int[]>([| 9; 6 |], (sample 1L).Shape)
                Assert.Equal(vae.Mean.Bias.DType, (sample 1L).DType)
                Assert.Equal<float[]>((sample 1L).ToFloat64s(), (sample 1L).ToFloat64s())
                Assert.NotEqual<float[]>((sample 1L).ToFloat64s(), (sample 2L).ToFloat64s())

    [<Fact>]
    member _.``a key makes the same model and the same bound again``() =
        let make seed =
            VaeStep.numbers (Vae.create (form Bernoulli) (Key.ofSeed seed))

        Assert.Equal<float[]>(make 1L, make 1L)
        Assert.NotEqual<float[]>(make 1L, make 2L)

        let bound seed =
            VaeStep.numbers (Vae.elbo (vae Bernoulli) (Key.ofSeed seed) x)

        Assert.Equal<float[]>(bound 1L, bound 1L)
        Assert.NotEqual<float[]>(bound 1L, bound 2L)

    [<Fact>]
    member _.``active units are the dimensions whose divergence is more than 0.01``() =
        let mean = Tensor.matrix [ [ 2.0; 0.0; 0.1 ]; [ -2.0; 0.0; 0.1 ] ]
        let logVar = Tensor.matrix [ [ -1.0; 0.0; 0.0 ]; [ -1.0; 0.0; 0.0 ] ]
        Assert.Equal(1.0, (Vae.activeUnits (mean, logVar)).ToScalar())
        Assert.Equal(2.0, (Vae.activeUnits (2.0 * mean, logVar)).ToScalar())

    [<Fact>]
    member _.``the objective reports what it minimises``() =
        let vae = vae Bernoulli

        let objective =
            VaeObjective.create
                { VaeObjective.defaults with
                    Beta = 2.0
                }

        let batch =
            {
                Rows = x
                Labels = None
                Weights = None
            }

        let outcome =
            objective.Loss
                vae
                {
                    Key = key
                    Step = Tensor.zeros DType.Int32 []
                    Batch = batch
                }

        let loss, reported = outcome.Loss, outcome.Reported
        let numbers = reported |> List.map (fun (name, value) -> name, value.ToScalar())
        Assert.Equal<string list>([ "reconstruction"; "kl"; "active_units" ], List.map fst numbers)
        Close.tensor 1e-12 [ snd numbers[0] + 2.0 * snd numbers[1] ] loss

        let evaluated =
            objective.Evaluate vae key batch
            |> List.map (fun (name, value) -> name, value.ToScalar())

        Assert.Equal<(string * float) list>(("loss", loss.ToScalar()) :: numbers, evaluated)
