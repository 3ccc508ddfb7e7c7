namespace Functional.Core

open System

/// What a decoder's output says about an image.
type Likelihood =
    /// Logits of pixels that are 0 or 1, or grey levels between.
    | Bernoulli
    /// Means of pixels with one deviation for all.
    | Gaussian of deviation: float

/// The form of a variational autoencoder.
type VaeShape =
    {
        /// Numbers in one row of data.
        Inputs: int
        /// Units of the encoder's hidden layers; the decoder has them in reverse.
        Hidden: int list
        LatentSize: int
        Activation: Activation
        Likelihood: Likelihood
    }

/// A variational autoencoder: an encoder of data into a normal distribution over codes, and a decoder of codes into data
/// (Kingma & Welling 2014).
type Vae =
    {
        Encoder: Network
        Mean: Dense
        LogVar: Dense
        Decoder: Network
        Output: Dense
        Likelihood: Likelihood
    }

/// The two parts of the bound on −log p(x), each one number a row in nats.
type Elbo = { Reconstruction: Tensor; Kl: Tensor }

[<RequireQualifiedAccess>]
module Vae =
    /// Untrained parameters.
    let create (shape: VaeShape) (key: Key) : Vae =
        match Key.split 5 key with
        | [ encoder; mean; logVar; decoder; output ] ->
            let widest (sizes: int list) whenNone =
                sizes |> List.tryLast |> Option.defaultValue whenNone

            let reversed = List.rev shape.Hidden

            let head key inputs units =
                Dense.create GlorotNormal key inputs units

            {
                Encoder = Network.dense shape.Activation encoder shape.Inputs shape.Hidden
                Mean = head mean (widest shape.Hidden shape.Inputs) shape.LatentSize
                LogVar = head logVar (widest shape.Hidden shape.Inputs) shape.LatentSize
                Decoder = Network.dense shape.Activation decoder shape.LatentSize reversed
                Output = head output (widest reversed shape.LatentSize) shape.Inputs
                Likelihood = shape.Likelihood
            }
        | _ -> Errors.state "Vae.create" "another number of keys" "5" ""

    /// Mean and log-variance of the code of each row: [batch; inputs] → [batch; latent], [batch; latent].
    let encode (vae: Vae) (x: Tensor) : Tensor * Tensor =
        let hidden = Network.infer vae.Encoder x
        Dense.apply vae.Mean hidden, Dense.apply vae.LogVar hidden

    /// A code z = mean + e^(logVar/2)·ε with ε standard normal, through which gradients pass.
    let sampleLatent (key: Key) (mean: Tensor, logVar: Tensor) : Tensor =
        mean + Tensor.exp (0.5 * logVar) * Sample.normal key mean.DType mean.Shape

    /// What the decoder says of codes, before it becomes pixels: logits or means. [batch; latent] → [batch; inputs].
    let decodeLogits (vae: Vae) (z: Tensor) : Tensor =
        Dense.apply vae.Output (Network.infer vae.Decoder z)

    /// The expected data of codes: [batch; latent] → [batch; inputs], probabilities or means.
    let decode (vae: Vae) (z: Tensor) : Tensor =
        match vae.Likelihood with
        | Bernoulli -> Tensor.sigmoid (decodeLogits vae z)
        | Gaussian _ -> decodeLogits vae z

    /// −log p(x | z) of each row: [batch; inputs] and [batch; latent] → [batch].
    let reconstruction (vae: Vae) (x: Tensor) (z: Tensor) : Tensor =
        let output = decodeLogits vae z

        match vae.Likelihood with
        | Bernoulli -> Loss.bernoulli output x
        | Gaussian deviation -> Loss.gaussian output (Tensor.fullLike output (2.0 * log deviation)) x

    /// KL(N(mean, e^logVar) ‖ N(0, 1)) along each dimension: ½(mean² + e^logVar − 1 − logVar). [batch; latent] → [batch; latent].
    let klByDimension (mean: Tensor, logVar: Tensor) : Tensor =
        0.5 * (mean * mean + Tensor.exp logVar - 1.0 - logVar)

    /// The bound −log p(x) ≤ Reconstruction + Kl with one draw of the code for each row (eq. 10 of Kingma & Welling, with the sign
    /// turned). [batch; inputs] → two times [batch].
    let elbo (vae: Vae) (key: Key) (x: Tensor) : Elbo =
        let code = encode vae x

        {
            Reconstruction = reconstruction vae x (sampleLatent key code)
            Kl = Tensor.sumOver [ 1 ] (klByDimension code)
        }

    /// The loss to minimise, in nats a row: mean of Reconstruction + β·Kl (β = 1 is the bound; Higgins et al. 2017 for others).
    let loss (beta: float) (bound: Elbo) : Tensor =
        Tensor.mean (bound.Reconstruction + beta * bound.Kl)

    /// log of a normal density, summed over each row.
    let private logNormal (mean: Tensor) (logVar: Tensor) (z: Tensor) = -(Loss.gaussian mean logVar z)

    /// log (1/k) Σ p(x, zᵢ)/q(zᵢ | x) with k draws for each row: a lower bound on log p(x) that rises to it with k
    /// (Burda, Grosse & Salakhutdinov 2016). [batch; inputs] → [batch].
    let importanceWeighted (vae: Vae) (k: int) (key: Key) (x: Tensor) : Tensor =
        let mean, logVar = encode vae x
        let zero = Tensor.zerosLike mean

        let weight key =
            let z = sampleLatent key (mean, logVar)
            logNormal zero zero z - reconstruction vae x z - logNormal mean logVar z

        Key.split k key
        |> List.map weight
        |> Tensor.stack 0
        |> Tensor.logSumExpOver [ 0 ]
        |> fun total -> total - log (float k)

    /// `n` new rows: the decoder's expectation of codes drawn from the standard normal. → [n; inputs].
    let sample (vae: Vae) (key: Key) (n: int) : Tensor =
        decode vae (Sample.normal key vae.Mean.Bias.DType [ n; vae.Mean.Bias.Shape[0] ])

    /// How many dimensions of the code say something about the data: those whose KL, averaged over rows, is more than 0.01 nats
    /// (Burda et al. use the variance of the mean; both tell a collapsed posterior). → float32 scalar.
    let activeUnits (mean: Tensor, logVar: Tensor) : Tensor =
        let kl = Tensor.meanOver [ 0 ] (klByDimension (mean, logVar))
        Tensor.sum (Tensor.gt kl (Tensor.fullLike kl 0.01))

    /// What training minimises and reports: loss, reconstruction, kl and active_units.
    let objective (beta: float) : Objective<Vae> =
        let report (vae: Vae) key (batch: Batch) =
            let code = encode vae batch.Rows

            let bound =
                {
                    Reconstruction = reconstruction vae batch.Rows (sampleLatent key code)
                    Kl = Tensor.sumOver [ 1 ] (klByDimension code)
                }

            bound,
            [
                "reconstruction", Tensor.mean bound.Reconstruction
                "kl", Tensor.mean bound.Kl
                "active_units", activeUnits code
            ]

        {
            Loss =
                fun vae input ->
                    let bound, reported = report vae input.Key input.Batch

                    {
                        Loss = loss beta bound
                        Reported = reported
                        Carried = vae
                    }
            Evaluate =
                fun vae key batch ->
                    let bound, reported = report vae key batch
                    ("loss", loss beta bound) :: reported
        }
