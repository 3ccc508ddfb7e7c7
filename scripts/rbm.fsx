// A restricted Boltzmann machine from the core alone, trained on the embedded letters by chains that go on from step to step:
// `dotnet fsi scripts/rbm.fsx [EPOCHS] [PICTURE]` after `dotnet build -c Release src/Core.FSharp`. The rules that ship, centred and sparse
// ones among them, are in src/Core.FSharp/Models/RbmObjective.fs.
#r "../src/Core.FSharp/bin/Release/net10.0/Functional.Kernels.dll"
#r "../src/Core.FSharp/bin/Release/net10.0/Functional.Core.dll"

open Functional.Core

let arguments = List.tail (List.ofArray fsi.CommandLineArgs)
let epochs = arguments |> List.tryItem 0 |> Option.map int |> Option.defaultValue 30
let visible, hidden, chains = Letters.Side * Letters.Side, 200, 100
let letters = (Sources.resolve None 1L "letters").Train
let keys = Key.split 4 (Key.ofSeed 7L)

let means =
    Tensor.ofFloat32s [ letters.Count; visible ] letters.Features
    |> Tensor.meanOver [ 0 ]

let machine = Rbm.create keys[0] visible hidden |> Rbm.withMeans means
let optimizer = Optimizer.momentum 0.01 0.9

/// −log p(x) has the slope of F(x) − F(v), where v is what the machine itself draws.
let step =
    compileStep (fun (machine, memory, states) (key, x) ->
        let v, states = Rbm.continueGibbs 1 key machine states

        let gap, gradient =
            valueAndGrad (fun machine -> Tensor.mean (Rbm.freeEnergy machine x) - Tensor.mean (Rbm.freeEnergy machine v)) machine

        let machine, memory = Optimizer.update optimizer gradient memory machine
        let error = Loss.meanSquared (Rbm.reconstruct machine x) x
        (machine, memory, states), (gap, Tensor.mean error))

let mutable state =
    machine, Optimizer.init optimizer machine, Rbm.evenOdds keys[1] machine chains

let batches = BatchReader letters

for number in 0 .. epochs - 1 do
    let epoch = Batches.epoch Batches.defaults (Key.words keys[2]) number letters
    let key = Key.foldIn number keys[3]

    let told =
        [
            for index in 0 .. epoch.Count - 1 do
                let batch = batches.Read epoch index
                let next, (gap, error) = step state (Key.foldIn index key, batch.Rows)
                state <- next
                gap.ToScalar(), error.ToScalar()
        ]

    let gaps, errors = List.unzip told
    printfn $"epoch {number + 1, 3}: reconstruction error {List.average errors:F4}, free energy gap {List.average gaps:F1} nats"

/// Where the chains have come to, as pictures.
let pictures =
    let machine, _, states = state

    Array.chunkBySize visible ((Rbm.visibleMean machine states).ToFloat32s())
    |> Array.map (fun row -> Png.ofFloats [| Letters.Side; Letters.Side |] (System.ReadOnlySpan row))

match List.tryItem 1 arguments with
| Some path -> Png.write path (Png.grid 20 2 pictures)
| None -> printfn $"{pictures.Length} letters drawn; name a file to keep them"
