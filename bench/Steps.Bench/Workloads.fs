/// Training steps, each the same work as the peer's of that name: model, sizes, batch, loss, optimizer, every step's random draws.
module Functional.Bench.Workloads

open Functional.Core
open Functional.Core.Engines

/// A step that can be taken again and again, and gives the loss.
type Step = unit -> float

type private State<'P> =
    {
        Parameters: 'P
        Optimizer: OptimizerState<'P>
        Key: Key
    }

/// The step of a loss of parameters, a key and a batch.
let private training (engine: Engine) (optimizer: Optimizer) (parameters: 'P) (batch: 'B) (loss: 'P -> Key -> 'B -> Tensor) : Step =
    let step (state: State<'P>) batch =
        let key = Key.foldInTensor state.Optimizer.Step state.Key

        let loss, gradient =
            valueAndGrad (fun parameters -> loss parameters key batch) state.Parameters

        let parameters, optimizer =
            Optimizer.update optimizer gradient state.Optimizer state.Parameters

        { state with
            Parameters = parameters
            Optimizer = optimizer
        },
        loss

    let stepper =
        Stepper(
            engine,
            step,
            {
                Parameters = parameters
                Optimizer = Optimizer.init optimizer parameters
                Key = Key.ofSeed 3L
            }
        )

    fun () -> (stepper.Step batch).ToScalar()

let private vaeDense engine =
    let vae =
        Vae.create
            {
                Inputs = 784
                Hidden = [ 500; 500 ]
                LatentSize = 20
                Activation = Elu
                Likelihood = Bernoulli
            }
            (Key.ofSeed 0L)

    let x = Sample.uniform (Key.ofSeed 1L) Float32 [ 150; 784 ]

    training engine (Optimizer.adam 1e-3) vae x (fun vae key x ->
        let bound = Vae.elbo vae key x
        Tensor.sum (bound.Reconstruction + bound.Kl))

let private mlp engine =
    let keyHidden, keyOutput = Key.pair (Key.ofSeed 0L)

    let net =
        Network.dense Relu keyHidden 784 [ 256; 128 ], Dense.create GlorotNormal keyOutput 128 10

    let x = Sample.uniform (Key.ofSeed 1L) Float32 [ 64; 784 ]
    let labels = Tensor.ofInt32s [ 64 ] (Array.init 64 (fun i -> i * 7 % 10))

    training engine (Optimizer.adam 1e-3) net (x, labels) (fun (hidden, output) _ (x, labels) ->
        Tensor.mean (Loss.categorical (Dense.apply output (Network.infer hidden x)) labels))

/// By name: how to make the step on an engine, steps to time and steps to warm up with.
let all: (string * (Engine -> Step) * int * int) list =
    [ "vae-dense", vaeDense, 60, 5; "mlp", mlp, 200, 10 ]
