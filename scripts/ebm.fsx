// An energy of one's own, trained on points of the plane: `dotnet fsi scripts/ebm.fsx [EPOCHS]` after
// `dotnet build -c Release src/Core.FSharp`. The model that ships is src/Core.FSharp/Models/Ebm.fs.
#r "../src/Core.FSharp/bin/Release/net10.0/Functional.Kernels.dll"
#r "../src/Core.FSharp/bin/Release/net10.0/Functional.Core.dll"

open System.Threading
open Functional.Core
open Functional.Core.Engines

let epochs =
    List.tryItem 1 (List.ofArray fsi.CommandLineArgs)
    |> Option.map int
    |> Option.defaultValue 40

let count, radius, width = 2000, 1.0, 0.1

/// Points on a ring around the origin, a little to both sides of it: rows of two numbers.
let points seed =
    let turns, lengths = Key.pair (Key.ofSeed seed)
    let angle = Sample.uniformBetween turns Float32 [ count ] 0.0 (2.0 * System.Math.PI)
    let length = radius + width * Sample.normal lengths Float32 [ count ]
    let both = Tensor.stack 1 [ length * Tensor.cos angle; length * Tensor.sin angle ]
    Dataset.create "ring" [| 2 |] (both.ToFloat32s())

/// A record of tensors is a model.
type Landscape = { Bends: Network; Depth: Tensor }

/// Any function of the model and rows is an energy: [batch; 2] → [batch]. Here a bowl, and what a network adds to it.
let energy (model: Landscape) (x: Tensor) : Tensor =
    let bowl = model.Depth * Tensor.sumOver [ 1 ] (Tensor.square x)
    bowl + Tensor.squeeze 1 (Network.infer model.Bends x)

let layers =
    [
        LayerSpec.dense 32
        LayerSpec.Activation Swish
        LayerSpec.dense 32
        LayerSpec.Activation Swish
        LayerSpec.dense 1
    ]

let model =
    {
        Bends = Network.create layers (Key.ofSeed 1L) [ 2 ]
        Depth = Tensor.full Float32 [] 0.5
    }

/// Textbook chains of 40 steps, one in twenty of which begins anew in a square around the ring.
let objective =
    { EbmObjective.defaults with
        Steps = 40
        Chain = Langevin.textbook 0.005
        Buffer = { Refresh = 0.05; Noise = -2.0, 2.0 }
        Alpha = 0.0
        RealNoise = 0.0
    }

let training =
    let options =
        { TrainingOptions.defaults with
            Epochs = epochs
            Optimizer = Optimizer.adam 0.005
        }

    let initial =
        {
            Model = model
            Buffer = ReplayBuffer.create objective.Buffer (Key.ofSeed 2L) 1000 [ 2 ]
        }

    Training(Engines.defaultEngine.Value, EbmObjective.create objective energy, options, initial, points 3L, None)

training.Run(
    { new TrainingObserver with
        member _.OnStep _ = ()
        member _.OnRollback _ = ()

        member _.OnEpoch report =
            if report.Epoch % (max 1 (epochs / 5)) = 0 then
                let numbers =
                    report.Metrics |> Array.map (fun (name, value) -> $"{name} {value:F3}")

                printfn $"""epoch {report.Epoch, 3}: {String.concat "  " numbers}"""
    },
    CancellationToken.None
)
|> ignore

let trained = training.Parameters.Model

let energies (rows: Tensor) = (energy trained rows).ToFloat64s()
let fresh = points 4L
let held = Tensor.ofFloat32s [ count; 2 ] fresh.Features
let noise = ReplayBuffer.noise objective.Buffer (Key.ofSeed 5L) Float32 [ count; 2 ]
let area = Auroc.ofScores (energies held) (energies noise)

/// Chains from noise end on the ring.
let ends =
    noise
    |> EbmObjective.chain { objective with Steps = 400 } (energy trained) (Key.ofSeed 6L)

let distances = Tensor.sqrt (Tensor.sumOver [ 1 ] (Tensor.square ends))

let mean, deviation =
    (Tensor.mean distances).ToScalar(), sqrt ((Tensor.variance distances).ToScalar())

printfn $"AUROC of fresh points against noise {area:F3}; chains from noise end at distance {mean:F2} ± {deviation:F2}"
