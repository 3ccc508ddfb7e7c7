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

/// What the head for the spread of a code gives.
type Parameterisation =
    /// log σ², any number.
    | LogVariance
    /// A number h whose σ is softplus(h), so that it is more than 0.
    | Deviation

/// A variational autoencoder: an encoder of data into a normal distribution over codes, and a decoder of codes into data
/// (Kingma & Welling 2014). The networks may be of any layers.
type Vae =
    {
        /// [batch; inputs] → [batch; features].
        Encoder: Network
        /// Features to the mean of the code.
        Mean: Dense
        /// Features to its spread.
        Spread: Dense
        Parameterisation: Parameterisation
        /// [batch; latent] → [batch; inputs]: logits or means.
        Decoder: Network
        Likelihood: Likelihood
    }

/// The two parts of the bound on −log p(x), each one number a row in nats.
type Elbo = { Reconstruction: Tensor; Kl: Tensor }

/// A way of rows through encoder and decoder, with k codes for each row.
type VaePass =
    {
        /// Mean and log-variance of the code: two times [batch; latent].
        Code: Tensor * Tensor
        /// The codes drawn: [k; batch; latent].
        Latents: Tensor
        /// −log p(x | z) in nats: [k; batch].
        Costs: Tensor
        /// The model with what its networks carry from batch to batch.
        Carried: Vae
    }

[<RequireQualifiedAccess>]
module Vae =
    /// A model of networks: the encoder's `features` numbers are read by the two heads of `latentSize` units. Log-variances;
    /// `{ vae with Parameterisation = Deviation }` has the same parameters in the other form.
    let ofNetworks
        (likelihood: Likelihood)
        (encoder: Network, features: int)
        (decoder: Network)
        (latentSize: int)
        (mean: Key, spread: Key)
        : Vae =
        let head key =
            Dense.create GlorotNormal key features latentSize

        {
            Encoder = encoder
            Mean = head mean
            Spread = head spread
            Parameterisation = LogVariance
            Decoder = decoder
            Likelihood = likelihood
        }

    /// Dense layers with untrained parameters.
    let create (shape: VaeShape) (key: Key) : Vae =
        match Key.split 5 key with
        | [ encoder; mean; spread; decoder; output ] ->
            let widest (sizes: int list) whenNone =
                sizes |> List.tryLast |> Option.defaultValue whenNone

            let reversed = List.rev shape.Hidden
            let hidden = Network.dense shape.Activation decoder shape.LatentSize reversed

            let output =
                Dense.create GlorotNormal output (widest reversed shape.LatentSize) shape.Inputs

            ofNetworks
                shape.Likelihood
                (Network.dense shape.Activation encoder shape.Inputs shape.Hidden, widest shape.Hidden shape.Inputs)
                {
                    Layers = hidden.Layers @ [ Dense output ]
                }
                shape.LatentSize
                (mean, spread)
        | _ -> Errors.state "Vae.create" "another number of keys" "5" ""

    let private encodeIn (mode: Mode) (vae: Vae) (x: Tensor) : (Tensor * Tensor) * Network =
        let features, encoder = Network.apply mode vae.Encoder x
        let spread = Dense.apply vae.Spread features

        let logVar =
            match vae.Parameterisation with
            | LogVariance -> spread
            | Deviation -> 2.0 * Tensor.log (Tensor.softplus spread)

        (Dense.apply vae.Mean features, logVar), encoder

    /// Mean and log-variance of the code of each row: [batch; inputs] → [batch; latent], [batch; latent].
    let encode (vae: Vae) (x: Tensor) : Tensor * Tensor = fst (encodeIn Mode.Infer vae x)

    /// A code z = mean + e^(logVar/2)·ε with ε standard normal, through which gradients pass.
    let sampleLatent (key: Key) (mean: Tensor, logVar: Tensor) : Tensor =
        mean + Tensor.exp (0.5 * logVar) * Sample.normal key mean.DType mean.Shape

    /// What the decoder says of codes, before it becomes pixels: logits or means. [batch; latent] → [batch; inputs].
    let decodeLogits (vae: Vae) (z: Tensor) : Tensor = Network.infer vae.Decoder z

    /// The expected data of codes: [batch; latent] → [batch; inputs], probabilities or means.
    let decode (vae: Vae) (z: Tensor) : Tensor =
        match vae.Likelihood with
        | Bernoulli -> Tensor.sigmoid (decodeLogits vae z)
        | Gaussian _ -> decodeLogits vae z

    let private cost (likelihood: Likelihood) (x: Tensor) (output: Tensor) : Tensor =
        match likelihood with
        | Bernoulli -> Loss.bernoulli output x
        | Gaussian deviation -> Loss.gaussian output (Tensor.fullLike output (2.0 * log deviation)) x

    /// −log p(x | z) of each row: [batch; inputs] and [batch; latent] → [batch].
    let reconstruction (vae: Vae) (x: Tensor) (z: Tensor) : Tensor =
        cost vae.Likelihood x (decodeLogits vae z)

    /// Rows through encoder and decoder with `k` codes each, drawn from `key`; the networks in `mode`. [batch; inputs] → k costs a row.
    let pass (mode: Mode) (k: int) (key: Key) (vae: Vae) (x: Tensor) : VaePass =
        let (mean, logVar), encoder = encodeIn (Mode.part 0 mode) vae x
        let rows, size = x.Shape[0], x.Shape[1]
        let latentShape = [ k; rows; mean.Shape[1] ]
        let wide = Tensor.broadcast latentShape
        let z = sampleLatent key (wide mean, wide logVar)

        let output, decoder =
            Network.apply (Mode.part 1 mode) vae.Decoder (Tensor.reshape [ k * rows; mean.Shape[1] ] z)

        let repeated =
            if k = 1 then
                x
            else
                Tensor.reshape [ k * rows; size ] (Tensor.broadcast [ k; rows; size ] x)

        {
            Code = mean, logVar
            Latents = z
            Costs = Tensor.reshape [ k; rows ] (cost vae.Likelihood repeated output)
            Carried =
                { vae with
                    Encoder = encoder
                    Decoder = decoder
                }
        }

    /// KL(N(mean, e^logVar) ‖ N(0, 1)) along each dimension: ½(mean² + e^logVar − 1 − logVar). [batch; latent] → [batch; latent].
    let klByDimension (mean: Tensor, logVar: Tensor) : Tensor =
        0.5 * (mean * mean + Tensor.exp logVar - 1.0 - logVar)

    /// The bound −log p(x) ≤ Reconstruction + Kl with one draw of the code for each row (eq. 10 of Kingma & Welling, with the sign
    /// turned). [batch; inputs] → two times [batch].
    let elbo (vae: Vae) (key: Key) (x: Tensor) : Elbo =
        let pass = pass Mode.Infer 1 key vae x

        {
            Reconstruction = Tensor.squeeze 0 pass.Costs
            Kl = Tensor.sumOver [ 1 ] (klByDimension pass.Code)
        }

    /// The loss to minimise, in nats a row: mean of Reconstruction + β·Kl (β = 1 is the bound; Higgins et al. 2017 for others).
    let loss (beta: float) (bound: Elbo) : Tensor =
        Tensor.mean (bound.Reconstruction + beta * bound.Kl)

    /// log p(x | z) + β·(log p(z) − log q(z | x)) of each code of a pass, with β a scalar: [k; batch].
    let logWeights (beta: Tensor) (pass: VaePass) : Tensor =
        let mean, logVar = pass.Code
        let z = pass.Latents

        // The constants ½ log 2π of prior and posterior cancel.
        let ratio =
            0.5 * (Tensor.square (z - mean) * Tensor.exp -logVar + logVar - Tensor.square z)

        beta * Tensor.sumOver [ 2 ] ratio - pass.Costs

    /// log (1/k) Σ e^w over the k weights of each row: [k; batch] → [batch].
    let meanWeight (logWeights: Tensor) : Tensor =
        Tensor.logSumExpOver [ 0 ] logWeights - log (float logWeights.Shape[0])

    /// log (1/k) Σ p(x, zᵢ)/q(zᵢ | x) with k draws for each row: a lower bound on log p(x) that rises to it with k
    /// (Burda, Grosse & Salakhutdinov 2016). [batch; inputs] → [batch].
    let importanceWeighted (vae: Vae) (k: int) (key: Key) (x: Tensor) : Tensor =
        pass Mode.Infer k key vae x |> logWeights (Tensor.ones x.DType []) |> meanWeight

    /// `n` new rows: the decoder's expectation of codes drawn from the standard normal. → [n; inputs].
    let sample (vae: Vae) (key: Key) (n: int) : Tensor =
        decode vae (Sample.normal key vae.Mean.Bias.DType [ n; vae.Mean.Bias.Shape[0] ])

    /// How many dimensions of the code say something about the data: those whose KL, averaged over rows, is more than 0.01 nats
    /// (Burda et al. use the variance of the mean; both tell a collapsed posterior). → float32 scalar.
    let activeUnits (mean: Tensor, logVar: Tensor) : Tensor =
        let kl = Tensor.meanOver [ 0 ] (klByDimension (mean, logVar))
        Tensor.sum (Tensor.gt kl (Tensor.fullLike kl 0.01))
