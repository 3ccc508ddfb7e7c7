// Shows a function on its way to kernels: run with `dotnet fsi scripts/pipeline.fsx` after `dotnet build -c Release src/Core.FSharp`.
// docs/pipeline.md explains what it prints.
#r "../src/Core.FSharp/bin/Release/net10.0/Functional.Kernels.dll"
#r "../src/Core.FSharp/bin/Release/net10.0/Functional.Core.dll"

open Functional.Core
open Functional.Core.Graph
open Functional.Core.Compile
open Functional.Core.Engines

/// An engine that shows what it is asked to prepare, and leaves the work to the processor's engine.
let showing: Engine =
    { new Engine with
        member _.Name = "showing"

        member _.Prepare program =
            let legal = program |> Simplify.run |> Legal.run
            let layout = Layout.ofProgram legal

            let plan =
                Fuse.run true legal layout
                |> Schedule.run
                |> fun steps -> Memory.plan true legal layout steps [||]

            let executable = Cpu.shared.Value.Prepare program
            printfn $"The program that was captured:\n{Print.graph program.Outputs}"
            printfn $"Simplified and legal:\n{Print.graph legal.Outputs}"
            printfn $"Its steps:\n{executable.Describe()}"
            printfn $"Inputs given up to outputs: %A{program.Donated}"
            printfn $"Bytes of arena: {plan.ArenaBytes}"
            executable
    }

/// One step of gradient descent on a layer of units: the mean squared distance of tanh(x·w + b) from the target.
let step =
    compileStepOn showing (fun (layer: Dense) (x: Tensor, target: Tensor) ->
        let loss (layer: Dense) =
            Tensor.mean (Tensor.square (Tensor.tanh (Dense.apply layer x) - target))

        let value, gradient = valueAndGrad loss layer
        Tree.map2 (fun w g -> w - 0.1 * g) layer gradient, value)

let data = Key.split 3 (Key.ofSeed 1L)
let x = Sample.normal data[0] Float32 [ 64; 20 ]
let target = Sample.uniform data[1] Float32 [ 64; 10 ]
let first = Dense.create GlorotNormal data[2] 20 10

let second, before = step first (x, target)
let _, after = step second (x, target)
printfn $"Loss before the first step: {before.ToScalar():F4}, before the second: {after.ToScalar():F4}"
