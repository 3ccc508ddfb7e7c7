namespace Functional.Core.Tests

open System
open System.IO
open Functional.Core
open Xunit

/// A training that was stopped, saved and taken up again goes on with the same bits.
type ResumeTests() =
    let folder = Directory.CreateTempSubdirectory("functional-").FullName
    let file = Path.Combine(folder, "state.safetensors")

    let restore (training: Training<Vae>) = training.Restore file |> ignore

    let restored () =
        let training = Tiny.training ()
        restore training
        VaeStep.numbers training.State

    let save (training: Training<Vae>) = training.Save(file, Map.empty)

    let refused (like: 'T) =
        (throws<InvalidDataException>(fun () -> Checkpoint.restore file (Safetensors.read file) like |> ignore)).Message

    static let whole =
        lazy
            (let training = Tiny.training ()
             let notes = Tiny.finish training
             notes.Epochs |> List.map Tiny.timeless, Tiny.bits training)

    static let form =
        {
            Inputs = Tiny.rowSize
            Hidden = [ 8 ]
            LatentSize = 2
            Activation = Elu
            Likelihood = Bernoulli
        }

    interface IDisposable with
        member _.Dispose() = Directory.Delete(folder, true)

    [<Theory>]
    [<InlineData(1)>]
    [<InlineData(4)>]
    [<InlineData(5)>]
    [<InlineData(7)>]
    [<InlineData(10)>]
    [<InlineData(14)>]
    member _.``a resumed training gives the bits of an uninterrupted one``(stopAfter: int) =
        let first = Tiny.training ()
        let before, isDone = Tiny.run stopAfter first
        Assert.False isDone
        save first

        // A new process has another model until the file is read.
        let second = Tiny.start Tiny.engine Tiny.options 99L Tiny.train
        restore second
        let after = Tiny.finish second
        let reports, bits = whole.Value
        Assert.Equal<EpochReport list>(reports, (before.Epochs @ after.Epochs) |> List.map Tiny.timeless)
        Assert.Equal<float[]>(bits, Tiny.bits second)

    [<Fact>]
    member _.``training may be stopped and resumed at every step``() =
        let mutable training = Tiny.training ()
        let reports = ResizeArray<EpochReport>()

        for _ in 1 .. 3 * Tiny.stepsPerEpoch do
            let notes, _ = Tiny.run 1 training
            reports.AddRange notes.Epochs
            save training
            restore training

        Assert.Equal<EpochReport list>(fst whole.Value, reports |> Seq.map Tiny.timeless |> List.ofSeq)
        Assert.Equal<float[]>(snd whole.Value, Tiny.bits training)

    [<Fact>]
    member _.``a finished training may be asked for more epochs``() =
        let first = Tiny.start Tiny.engine { Tiny.options with Epochs = 2 } 1L Tiny.train
        Tiny.finish first |> ignore
        save first
        let second = Tiny.training ()
        restore second
        Assert.Equal(1, (Tiny.finish second).Epochs.Length)
        Assert.Equal<float[]>(snd whole.Value, Tiny.bits second)

    [<Fact>]
    member _.``saving may go on beside training``() =
        let training = Tiny.training ()
        Tiny.run 3 training |> ignore
        save training
        let saved = restored ()
        Tiny.finish training |> ignore
        Assert.Equal<float[]>(saved, restored ())

    [<Fact>]
    member _.``a tree comes back bit by bit, with its file's metadata``() =
        let tree =
            Map
                [
                    "a", Tensor.vector [ 0.1; -0.0; infinity; nan ]
                    "b", Tensor.ofInt32s [ 2; 1 ] [| Int32.MinValue; 7 |]
                    "c", Tensor.full Float64 [] Math.PI
                    "d", Tensor.zeros Float32 [ 0; 3 ]
                ]

        let metadata = Map [ "epoch", "3"; "model", "vae" ]
        Checkpoint.save file metadata tree
        let read = Safetensors.read file
        Assert.Equal<Map<string, string>>(metadata, read.Metadata)
        let found = Checkpoint.restore file read (Map.map (fun _ -> Tensor.zerosLike) tree)

        for KeyValue(name, tensor) in tree do
            Assert.Equal(tensor.DType, found[name].DType)
            Assert.Equal<int[]>(tensor.Shape, found[name].Shape)

            let bits (tensor: Tensor) =
                tensor.ToFloat64s() |> Array.map BitConverter.DoubleToInt64Bits

            Assert.Equal<int64[]>(bits tensor, bits found[name])

    [<Fact>]
    member _.``a file with another shape is refused by name``() =
        Checkpoint.save file Map.empty (Tiny.model 1L)
        let message = refused (Vae.create { form with LatentSize = 3 } (Key.ofSeed 1L))
        Assert.Contains("tensor Mean.Weight: found float32 [8; 2], expected float32 [8; 3]", message)
        Assert.Contains("the file was written with other options", message)

    [<Fact>]
    member _.``a file with another element type is refused``() =
        Checkpoint.save file Map.empty (Tiny.model 1L)
        let message = refused (Tiny.model 1L |> Tree.map (Tensor.cast Float64))
        Assert.Contains("found float32 [6; 8], expected float64 [6; 8]", message)

    [<Fact>]
    member _.``a file with tensors of other names is refused``() =
        Checkpoint.save file Map.empty (Map [ "a", Tensor.scalar 1.0 ])
        Assert.Contains("found no tensor b, expected every tensor of the model", refused (Map [ "b", Tensor.scalar 0.0 ]))

    [<Theory>]
    [<InlineData(1)>]
    [<InlineData(3)>]
    member _.``a file with more or fewer tensors than the model is refused``(count: int) =
        let tree count =
            [ for i in 1..count -> Tensor.scalar (float i) ]

        Checkpoint.save file Map.empty (tree 2)
        Assert.Contains($"found 2 tensors, expected {count}", refused (tree count))

    [<Fact>]
    member _.``a training with another optimizer is refused``() =
        let training = Tiny.training ()
        Tiny.run 1 training |> ignore
        save training

        let other =
            Tiny.start
                Tiny.engine
                { Tiny.options with
                    Optimizer = Optimizer.sgd 0.1
                }
                1L
                Tiny.train

        Assert.Contains("the file was written by another model", throws<InvalidDataException>(fun () -> restore other).Message)
