namespace Functional.Workloads

open Functional.Core

/// The training steps that are timed, each the same work as the peer's of that name. Those that take a size are timed for its growth as well.
[<RequireQualifiedAccess>]
module Catalog =
    let private rows draws shape =
        Draws.uniform draws (Key.ofSeed 1L) shape

    let private labels rows =
        Tensor.ofInt32s [ rows ] (Array.init rows (fun i -> i * 7 % 10))

    /// A variance of e⁻⁶⁰: codes are at their means.
    let private certain (vae: Vae) =
        { vae with
            Spread =
                { vae.Spread with
                    Bias = Tensor.fullLike vae.Spread.Bias -60.0
                }
        }

    /// A variational autoencoder of 784-width-width-20 and back, ELU, Bernoulli likelihood, Adam.
    let vaeDense (batch: int) (width: int) : Workload =
        let shape =
            {
                Inputs = 784
                Hidden = [ width; width ]
                LatentSize = 20
                Activation = Elu
                Likelihood = Bernoulli
            }

        Task.workload
            "vae-dense"
            batch
            {
                Create = Vae.create shape
                Silent = certain
                Batch = fun draws -> rows draws [ batch; 784 ]
                Optimizer = Optimizer.adam 1e-3
                Gradient =
                    Task.ofLoss (fun key x vae ->
                        let bound = Vae.elbo vae key x
                        Tensor.sum (bound.Reconstruction + bound.Kl))
            }

    /// The lecture's convolutional variational autoencoder of 28x28, latent 2, RMSProp; cross-entropy a pixel and the divergence times 0.0005.
    let vaeConv (batch: int) : Workload =
        let loss key x vae =
            let pass = Vae.pass Mode.Infer 1 key vae x

            Tensor.mean pass.Costs / 784.0
            + 1e-3 * Tensor.mean (Vae.klByDimension pass.Code)

        Task.workload
            "vae-conv"
            batch
            {
                Create = ConvVae.create (ConvVae.lecture 28 28)
                Silent = certain
                Batch = fun draws -> rows draws [ batch; 784 ]
                Optimizer =
                    { Optimizer.rmsProp 1e-3 with
                        Rule = RmsProp(0.99, 1e-8)
                    }
                Gradient = Task.ofLoss loss
            }

    /// So strong that every unit is all but certain, and sums of weights are exact.
    let private saturated (rbm: Rbm) =
        let strong (bias: Tensor) = Tensor.fullLike bias 32.0

        { rbm with
            Weight =
                Tensor.where
                    (Tensor.gt rbm.Weight (Tensor.zerosLike rbm.Weight))
                    (Tensor.fullLike rbm.Weight 64.0)
                    (Tensor.fullLike rbm.Weight -64.0)
            VisibleBias = strong rbm.VisibleBias
            HiddenBias = strong rbm.HiddenBias
        }

    /// One step of contrastive divergence with `turns` turns of the chain, all states drawn: 784 visible and 500 hidden units. Its loss is
    /// the mean free energy of the rows, which is left out where steps are timed: the step does not need it.
    let rbm (batch: int) (turns: int) : Workload =
        let gradient draws key v0 (rbm: Rbm) =
            let first, others = Key.pair key
            let h0 = Rbm.sampleHidden first rbm v0
            let v, h = Rbm.continueGibbs turns others rbm h0
            let product (v: Tensor) h = Tensor.matmul (Tensor.transpose v) h

            let loss =
                match draws with
                | Draws.Random -> Tensor.zeros Float32 []
                | Draws.Fixed -> Tensor.mean (Rbm.freeEnergy rbm v0)

            loss,
            { rbm with
                Weight = product v h - product v0 h0
                VisibleBias = Tensor.sumOver [ 0 ] (v - v0)
                HiddenBias = Tensor.sumOver [ 0 ] (h - h0)
            }

        Task.workload
            $"rbm-cd{turns}"
            batch
            {
                Create = fun key -> Rbm.create key 784 500
                Silent = saturated
                Batch =
                    fun draws ->
                        let x = rows draws [ batch; 784 ]
                        Tensor.gt x (Tensor.fullLike x 0.5)
                Optimizer = Optimizer.sgd (0.001 / float batch)
                Gradient = gradient
            }

    /// The article's network with as many zeros on both sides of an image, as the peer has them.
    let private energyLayers =
        Ebm.article
        |> List.map (fun spec ->
            match spec with
            | LayerSpec.Conv2D options ->
                let pad = fst options.Kernel / 2

                LayerSpec.Conv2D
                    { options with
                        Padding = Padding.Explicit(pad, pad)
                    }
            | other -> other)

    /// An energy of images of 32x32: `steps` Langevin steps on as many chains as rows, then a step of the parameters by Adam.
    let ebm (batch: int) (steps: int) : Workload =
        let spread (u: Tensor) = 2.0 * u - 1.0

        let gradient draws key real ebm =
            let startKey, chainKey = Key.pair key

            let options =
                { EbmObjective.defaults with
                    Steps = steps
                    Chain =
                        { Langevin.article with
                            Noise = Draws.noise draws Langevin.article.Noise
                        }
                }

            let fake =
                spread (Draws.uniform draws startKey [ batch; 1024 ])
                |> EbmObjective.chain options (Ebm.energy ebm) chainKey

            valueAndGrad
                (fun ebm ->
                    let real, fake = Ebm.energy ebm real, Ebm.energy ebm fake

                    Tensor.mean real - Tensor.mean fake
                    + 0.1 * Tensor.mean (Tensor.square real + Tensor.square fake))
                ebm

        Task.workload
            $"ebm-langevin{steps}"
            batch
            {
                Create = fun key -> Ebm.create energyLayers 0 key [ 1; 32; 32 ]
                Silent = id
                Batch = fun draws -> spread (rows draws [ batch; 1024 ])
                Optimizer = Optimizer.adam 1e-4
                Gradient = gradient
            }

    /// Reconstruction by mean squared error and Adam.
    let private autoencoder name batch shape (x: Draws -> Tensor) =
        Task.workload
            name
            batch
            {
                Create = Autoencoder.create shape
                Silent = id
                Batch = x
                Optimizer = Optimizer.adam 0.01
                Gradient = Task.ofLoss (fun _ x model -> Tensor.mean (Loss.meanSquared (Autoencoder.reconstruct model x) x))
            }

    /// A linear autoencoder of 14376-100-14376 on all 201 rows.
    let genes: Workload =
        autoencoder
            "autoencoder-genes"
            201
            { AutoencoderShape.dense 14376 [ 100 ] with
                Activation = Linear
            }
            (fun draws -> Draws.normal draws (Key.ofSeed 1L) [ 201; 14376 ])

    /// 784-300-150-300-784, ELU.
    let stacked (batch: int) : Workload =
        autoencoder "autoencoder-stacked" batch (AutoencoderShape.dense 784 [ 300; 150 ]) (fun draws -> rows draws [ batch; 784 ])

    let private classifier name batch (specs: LayerSpec list) (row: int list) =
        Task.workload
            name
            batch
            {
                Create = fun key -> Network.create specs key row
                Silent = id
                Batch = fun draws -> rows draws (batch :: row), labels batch
                Optimizer = Optimizer.adam 1e-3
                Gradient = Task.ofLoss (fun _ (x, labels) net -> Tensor.mean (Loss.categorical (Network.infer net x) labels))
            }

    let private relu = LayerSpec.Activation Relu

    /// 32 and 64 filters of 3x3, each with pooling, 128 dense units and 10 classes, on images of 32x32.
    let cnn (batch: int) : Workload =
        classifier
            "cnn"
            batch
            [
                LayerSpec.conv2D 32 3
                relu
                LayerSpec.maxPool 2
                LayerSpec.conv2D 64 3
                relu
                LayerSpec.maxPool 2
                LayerSpec.Flatten
                LayerSpec.dense 128
                relu
                LayerSpec.dense 10
            ]
            [ 1; 32; 32 ]

    /// 784-256-128-10, ReLU.
    let mlp (batch: int) : Workload =
        classifier "mlp" batch [ LayerSpec.dense 256; relu; LayerSpec.dense 128; relu; LayerSpec.dense 10 ] [ 784 ]

    /// Those that have a peer, in its sizes.
    let all: Workload list =
        [
            vaeDense 150 500, 6.2
            vaeConv 16, 9.4
            rbm 256 2, 6.5
            ebm 128 60, 120.0
            genes, 15.0
            stacked 150, 2.7
            cnn 128, 12.3
            mlp 64, 0.55
        ]
        |> List.map (fun (workload, least) -> { workload with LeastMs = Some least })

    let private names = all |> List.map _.Name

    /// The workload of that name. Errors: option, naming the nearest.
    let find (name: string) : Workload =
        match all |> List.tryFind (fun workload -> workload.Name = name) with
        | Some workload -> workload
        | None -> Errors.option "workload" $"'{name}'" $"""one of {String.concat ", " names}""" (Suggest.fix names name)
