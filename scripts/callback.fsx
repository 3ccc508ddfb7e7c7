// A callback of one's own from F#: `dotnet fsi scripts/callback.fsx [EPOCHS]` after `dotnet build -c Release src/Facade.CSharp`.
// It ends a training once an epoch gains less than a share of the loss, and remembers the loss before when the run is resumed.
#I "../src/Facade.CSharp/bin/Release/net10.0"
#r "Functional.Kernels.dll"
#r "Functional.Core.dll"
#r "Functional.Facade.dll"
#r "System.Numerics.Tensors.dll"
#r "Google.Protobuf.dll"

open System.Globalization
open System.IO
open Functional

let epochs =
    List.tryItem 1 (List.ofArray fsi.CommandLineArgs)
    |> Option.map int
    |> Option.defaultValue 30

type StopOnSmallGain(share: float) =
    inherit Callback()

    let mutable before = infinity

    override _.OnEpoch(run, epoch) =
        let loss = epoch["val_loss"]
        let gain = (before - loss) / before
        printfn $"epoch {epoch.Epoch, 3}: {loss:F2} nats an image"

        if gain < share then
            printfn $"epoch {epoch.Epoch} gained {100.0 * gain:F2} %%: enough"
            run.Stop()

        before <- loss

    override _.SaveState() =
        before.ToString("R", CultureInfo.InvariantCulture)

    override _.RestoreState state = before <- float state

let stopOnSmallGain () : Callback = StopOnSmallGain 0.01

let folder =
    Path.Combine(Directory.CreateTempSubdirectory("functional-").FullName, "run")

let letters = Datasets.Letters()

let options =
    VaeOptions(
        Hidden = [| 64 |],
        LatentSize = 4,
        Epochs = epochs,
        Optimizer = Optimizers.Adam 0.01,
        Validation = letters.Validation,
        Callbacks = [| stopOnSmallGain (); Callbacks.Checkpoint folder |]
    )

let trained = Models.Vae.Train(letters.Train, options)
printfn $"{trained.History.Count} epochs"

// A run that has stopped stays stopped: its own callbacks are given again, those of the library are made anew.
let again = Models.Vae.Resume(folder, callbacks = [| stopOnSmallGain () |])
printfn $"resumed: {again.History.Count} epochs"
Directory.Delete(Path.GetDirectoryName folder, true)
