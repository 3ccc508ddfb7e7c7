// A new energy, its gradient, and samples from e^(−energy) by Langevin steps: `dotnet fsi scripts/energy.fsx [STEPS]`
// after `dotnet build -c Release src/Core.FSharp`.
#r "../src/Core.FSharp/bin/Release/net10.0/Functional.Kernels.dll"
#r "../src/Core.FSharp/bin/Release/net10.0/Functional.Core.dll"

open Functional.Core

let steps =
    if fsi.CommandLineArgs.Length > 1 then
        int fsi.CommandLineArgs[1]
    else
        1000

let chains, stepSize, width = 512, 0.01, 0.2

/// A ring of radius 1: (|x| − 1)² / (2·width²) at each point. [points; 2] → [points].
let energy (x: Tensor) : Tensor =
    let radius = Tensor.sqrt (Tensor.sumOver [ 1 ] (x * x))
    Tensor.square (radius - 1.0) / (2.0 * width * width)

/// One step of the unadjusted Langevin chain of each point: x − stepSize·∇energy + √(2·stepSize)·noise.
let langevin =
    compileStep (fun (x: Tensor) (key: Key) ->
        let drift = grad (fun x -> Tensor.sum (energy x)) x
        let noise = Sample.normal key x.DType x.Shape
        x - stepSize * drift + sqrt (2.0 * stepSize) * noise, Tensor.mean (energy x))

let start, walk = Key.pair (Key.ofSeed 7L)
let mutable x = 3.0 * Sample.normal start Float32 [ chains; 2 ]

for step in 0 .. steps - 1 do
    let next, mean = langevin x (Key.foldIn step walk)
    x <- next

    if step % (max 1 (steps / 5)) = 0 then
        printfn $"step {step, 5}: mean energy {mean.ToScalar():F3}"

let radius = Tensor.sqrt (Tensor.sumOver [ 1 ] (x * x))

let mean, deviation =
    (Tensor.mean radius).ToScalar(), sqrt ((Tensor.variance radius).ToScalar())

printfn $"after {steps} steps: {chains} points at distance {mean:F3} ± {deviation:F3} from the origin"

// The density of the radius is proportional to r·e^(−energy), so its mean is close to 1 + width².
if steps >= 500 && abs (mean - (1.0 + width * width)) > 0.05 then
    eprintfn "the chains did not find the ring"
    exit 1
