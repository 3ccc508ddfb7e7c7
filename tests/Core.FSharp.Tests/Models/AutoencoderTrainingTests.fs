namespace Functional.Core.Tests

open System
open System.IO
open Functional.Core
open Functional.Core.Engines
open Xunit

/// Autoencoders in training: what the linear one finds, and layers that are trained one at a time.
type AutoencoderTrainingTests() =
    let folder = Directory.CreateTempSubdirectory("functional-").FullName
    let file = Path.Combine(folder, "state.safetensors")

    static let run (training: Training<'P>) =
        let notes = Notes 0
        Assert.True(training.Run(notes, notes.Token))
        notes

    /// Four axes at right angles, each of length 1.
    static let axes =
        [|
            [| 1.0; 1.0; 1.0; 1.0 |]
            [| 1.0; 1.0; -1.0; -1.0 |]
            [| 1.0; -1.0; 1.0; -1.0 |]
            [| 1.0; -1.0; -1.0; 1.0 |]
        |]
        |> Array.map (Array.map (fun value -> value / 2.0))

    static let spreads = [| 2.0; 1.5; 0.8; 0.6 |]

    /// A row at ±s along each axis: the axes are the principal components, and the mean is 0.
    static let crossed =
        [|
            for sign in [ 1.0; -1.0 ] do
                for spread, axis in Array.zip spreads axes do
                    yield! axis |> Array.map (fun value -> float32 (sign * spread * value))
        |]
        |> Dataset.create "crossed" [| 4 |]

    static let trainLinear isTied =
        let shape =
            { AutoencoderShape.dense 4 [ 2 ] with
                Activation = Linear
                IsTied = isTied
            }

        let options =
            { TrainingOptions.defaults with
                Epochs = 1500
                BatchSize = 8
                Optimizer = Optimizer.adam 0.01
            }

        let training =
            Training(Tiny.engine, Autoencoder.objective Intact, options, Autoencoder.create shape (Key.ofSeed 3L), crossed, None)

        let notes = run training
        (List.last notes.Epochs).Metrics |> Map.ofArray, training.Parameters

    static let shape =
        { AutoencoderShape.dense Tiny.rowSize [ 5; 4; 2 ] with
            Activation = Activation.Tanh
        }

    static let model = Autoencoder.create shape (Key.ofSeed 1L)
    static let corruption = Masking 0.2

    static let phases epochs =
        Autoencoder.phases corruption 2 epochs 3

    static let trainingOn engine epochs =
        let options = { Tiny.options with Epochs = epochs }
        Training(engine, phases epochs, options, model, Tiny.train, Some Tiny.validation)

    static let training epochs = trainingOn Tiny.engine epochs

    /// Which stages have other weights after so many epochs than before.
    static let moved (before: Autoencoder) (after: Autoencoder) =
        List.map2 (fun a b -> VaeStep.numbers a <> VaeStep.numbers b) before.Stages after.Stages

    interface IDisposable with
        member _.Dispose() = Directory.Delete(folder, true)

    [<Theory>]
    [<InlineData(false)>]
    [<InlineData(true)>]
    member _.``a linear autoencoder finds the plane of the principal components``(isTied: bool) =
        let metrics, model = trainLinear isTied
        // Two rows of eight lie off the plane along each of the other axes; the mean is over 8 rows of 4 numbers.
        let least = 2.0 * (0.8 * 0.8 + 0.6 * 0.6) / 32.0
        Assert.InRange(metrics["mse"], least - 1e-6, least * 1.0001)

        for axis in [ 2; 3 ] do
            let image = Autoencoder.reconstruct model (Tensor.matrix [ axes[axis] ])
            Close.check "an axis off the plane" 2e-3 [| 0.0; 0.0; 0.0; 0.0 |] (image.ToFloat64s())

        for axis in [ 0; 1 ] do
            let image = Autoencoder.reconstruct model (Tensor.matrix [ axes[axis] ])
            Close.check "an axis on the plane" 2e-3 axes[axis] (image.ToFloat64s())

    [<Fact>]
    member _.``each layer moves in its own phase alone, and all in the last``() =
        let after epochs =
            let training = training epochs
            run training |> ignore
            training.Parameters

        let states = [ 5; 6; 7 ] |> List.map (fun epochs -> epochs, after epochs) |> Map
        Assert.Equal<bool list>([ true; true; true ], moved model states[5])
        Assert.Equal<bool list>([ false; false; true ], moved states[5] states[6])
        Assert.Equal<bool list>([ true; true; true ], moved states[6] states[7])

        let frozen = phases 7 |> List.map _.Frozen

        Assert.Equal<string list list>(
            [
                [ "Stages.1"; "Stages.2" ]
                [ "Stages.0"; "Stages.2" ]
                [ "Stages.0"; "Stages.1" ]
                []
            ],
            frozen
        )

    [<Fact>]
    member _.``a layer's loss is that of its codes, and mse that of the data``() =
        let x = Tensor.ofFloat32s [ Tiny.rowCount; Tiny.rowSize ] Tiny.train.Features
        let key = Key.ofSeed 8L

        let batch =
            {
                Rows = x
                Labels = None
                Weights = None
            }

        let low, high = model.Stages[0], model.Stages[1]
        let codes = Stage.encode low x

        let output =
            codes
            |> Corruption.apply corruption key
            |> Stage.encode high
            |> Stage.decode high

        let square (a: Tensor) (b: Tensor) =
            (Tensor.mean (Tensor.square (a - b))).ToScalar()

        let expected = [| square output codes; square (Stage.decode low output) x |]

        let found =
            (List.item 1 (phases 7)).Objective.Evaluate model key batch
            |> List.map (fun (_, value) -> value.ToScalar())

        Close.check "second layer" 1e-6 expected (List.toArray found)

    [<Fact>]
    member _.``epochs that end with the layers leave out the whole, and fewer are refused``() =
        Assert.Equal(4, (phases 7).Length)
        Assert.Equal(3, (phases 6).Length)
        Assert.Equal(1, (Autoencoder.phases Intact 0 5 3).Length)
        let message = throws<ArgumentException>(fun () -> training 4 |> ignore).Message
        Assert.Contains("epochs: found 4, expected more than 4, which the phases before the last one take", message)

    [<Theory>]
    [<InlineData(3)>]
    [<InlineData(13)>]
    [<InlineData(20)>]
    [<InlineData(32)>]
    member _.``stopped in any phase a training resumes with the same bits, at another number of threads``(stopAfter: int) =
        let whole = training 7
        let reports = (run whole).Epochs
        let first = trainingOn (Cpu.create { Cpu.defaults with Threads = 1 }) 7
        let notes = Notes stopAfter
        Assert.False(first.Run(notes, notes.Token))
        first.Save(file, Map.empty)
        let second = trainingOn (Cpu.create { Cpu.defaults with Threads = 3 }) 7
        let _ = second.Restore file
        let after = run second

        Assert.Equal<EpochReport list>(List.map Tiny.timeless reports, (notes.Epochs @ after.Epochs) |> List.map Tiny.timeless)
        Assert.Equal<float[]>(VaeStep.numbers whole.State, VaeStep.numbers second.State)
