namespace Functional.Core.Tests

open Functional.Core
open Functional.Core.Engines

/// What a step of the small autoencoder goes on from.
type VaeState =
    {
        Parameters: Vae
        Optimizer: OptimizerState<Vae>
        Key: Key
    }

/// A training step of a small variational autoencoder with Adam: the program that the compiler is for.
[<RequireQualifiedAccess>]
module VaeStep =
    let private optimizer = Optimizer.adam 0.01

    let private form =
        {
            Inputs = 12
            Hidden = [ 9; 7 ]
            LatentSize = 3
            Activation = Elu
            Likelihood = Bernoulli
        }

    /// The state before the first step, with parameters in `dtype`.
    let initial dtype =
        let parameters = Vae.create form (Key.ofSeed 5L) |> Tree.map (Tensor.cast dtype)

        {
            Parameters = parameters
            Optimizer = Optimizer.init optimizer parameters
            Key = Key.ofSeed 6L
        }

    /// `count` rows of grey levels; the same on every run.
    let rows dtype count =
        Sample.uniform (Key.ofSeed 7L) Float32 [ count; form.Inputs ]
        |> Tensor.cast dtype

    let step (state: VaeState) (x: Tensor) =
        let key = Key.foldInTensor state.Optimizer.Step state.Key

        let loss, gradient =
            valueAndGrad (fun vae -> Vae.loss 1.0 (Vae.elbo vae key x)) state.Parameters

        let parameters, optimizer =
            Optimizer.update optimizer gradient state.Optimizer state.Parameters

        { state with
            Parameters = parameters
            Optimizer = optimizer
        },
        loss

    /// All numbers of a tree, tensor after tensor.
    let numbers tree =
        Tree.tensors tree |> Array.collect _.ToFloat64s()

    /// The numbers of the state, and the losses, after some steps on an engine.
    let train (engine: Engine) dtype steps =
        let run = compileStepOn engine step
        let x = rows dtype 10

        let state, losses =
            ((initial dtype, []), [ 1..steps ])
            ||> List.fold (fun (state, losses) _ ->
                let state, loss = run state x
                state, loss.ToScalar() :: losses)

        Array.append (numbers state) (List.toArray losses)

    /// The step as the engine is given it.
    let program dtype =
        let recorder = Recorder Reference.engine
        compileStepOn recorder.Engine step (initial dtype) (rows dtype 4) |> ignore
        Array.exactlyOne recorder.Programs
