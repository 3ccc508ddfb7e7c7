// A variational autoencoder from the core alone, trained on the embedded letters: `dotnet fsi scripts/vae.fsx [EPOCHS] [PICTURE]`
// after `dotnet build -c Release src/Core.FSharp`. The model that ships is src/Core.FSharp/Models/Vae.fs.
#r "../src/Core.FSharp/bin/Release/net10.0/Functional.Kernels.dll"
#r "../src/Core.FSharp/bin/Release/net10.0/Functional.Core.dll"

open Functional.Core

let arguments = List.tail (List.ofArray fsi.CommandLineArgs)
let epochs = arguments |> List.tryItem 0 |> Option.map int |> Option.defaultValue 30
let latent, hidden, inputs = 20, 400, Letters.Side * Letters.Side

/// The model is a record of tensors; `grad` gives a record of the same type.
type Model =
    {
        Encoder: Network
        Code: Dense
        Decoder: Network
        Output: Dense
    }

let create key =
    let keys = Key.split 4 key

    {
        Encoder = Network.dense Elu keys[0] inputs [ hidden ]
        Code = Dense.create GlorotNormal keys[1] hidden (2 * latent)
        Decoder = Network.dense Elu keys[2] latent [ hidden ]
        Output = Dense.create GlorotNormal keys[3] hidden inputs
    }

let decode model z =
    Dense.apply model.Output (Network.infer model.Decoder z)

/// −log p(x | z) and KL(q(z | x) ‖ p(z)) of each row, in nats, with one draw of z.
let elbo model key x =
    let code = Dense.apply model.Code (Network.infer model.Encoder x)
    let mean, logVar = Tensor.slice 1 0 latent code, Tensor.slice 1 latent latent code
    let z = mean + Tensor.exp (0.5 * logVar) * Sample.normal key Float32 mean.Shape
    let kl = 0.5 * Tensor.sumOver [ 1 ] (mean * mean + Tensor.exp logVar - 1.0 - logVar)
    Loss.bernoulli (decode model z) x, kl

let negElbo key x model =
    let reconstruction, kl = elbo model key x
    Tensor.mean (reconstruction + kl)

let optimizer = Optimizer.adam 0.001

let step =
    compileStep (fun (model, memory) (key, x) ->
        let loss, gradient = valueAndGrad (negElbo key x) model
        Optimizer.update optimizer gradient memory model, loss)

let letters = Sources.resolve None 1L "letters"
let keys = Key.split 3 (Key.ofSeed 7L)
let model = create keys[0]
let mutable state = model, Optimizer.init optimizer model
let batches = BatchReader letters.Train

for number in 0 .. epochs - 1 do
    let epoch = Batches.epoch Batches.defaults (Key.words keys[1]) number letters.Train
    let key = Key.foldIn number keys[2]

    let losses =
        [
            for index in 0 .. epoch.Count - 1 do
                let batch = batches.Read epoch index
                let next, loss = step state (Key.foldIn index key, batch.Rows)
                state <- next
                loss.ToScalar()
        ]

    printfn $"epoch {number + 1, 3}: {List.average losses:F2} nats an image"

/// Pictures of the decoder's expectation of codes drawn from the prior.
let pictures =
    let z = Sample.normal (Key.ofSeed 3L) Float32 [ 64; latent ]
    let pixels = Tensor.sigmoid (decode (fst state) z)

    Array.chunkBySize inputs (pixels.ToFloat32s())
    |> Array.map (fun row -> Png.ofFloats [| Letters.Side; Letters.Side |] (System.ReadOnlySpan row))

match List.tryItem 1 arguments with
| Some path -> Png.write path (Png.grid 16 2 pictures)
| None -> printfn $"{pictures.Length} samples drawn; name a file to keep them"
