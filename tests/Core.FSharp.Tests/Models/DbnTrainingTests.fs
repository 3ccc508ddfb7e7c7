namespace Functional.Core.Tests

open System
open System.IO
open Functional.Core
open Functional.Core.Engines
open Xunit

/// Deep belief nets in training: layers one at a time, then labels.
type DbnTrainingTests() =
    let folder = Directory.CreateTempSubdirectory("functional-").FullName
    let file = Path.Combine(folder, "state.safetensors")

    static let classes = 3
    static let labels = Array.init Tiny.rowCount (fun row -> row % classes)
    static let train = Tiny.train |> Dataset.withLabels labels

    static let held =
        Tiny.validation
        |> Dataset.withLabels (Array.init Tiny.validation.Count (fun row -> row % classes))

    static let shape =
        {
            Hidden = [ 5; 4 ]
            Classes = Some classes
        }

    static let net = Dbn.create shape (Key.ofSeed 1L) Tiny.rowSize
    static let labelKey = Threefry.ofSeed 5L

    static let learning =
        { DbnLearning.defaults with
            Layer = Contrast 2
            LayerEpochs = 2
            LayerOptimizer = Some(Optimizer.momentum 0.1 0.5)
            Dropout = 0.25
            TopChains = Some 7
            Labelled = Dataset.balanced labelKey 12
        }

    static let start = Dbn.start learning (Key.ofSeed 2L) net

    static let trainingOn engine learning epochs data =
        let options =
            { Tiny.options with
                Epochs = epochs
                Optimizer = Optimizer.adamW 0.01 0.1
            }

        Training(engine, Dbn.phases shape learning epochs, options, start, data, Some held)

    static let training epochs =
        trainingOn Tiny.engine learning epochs train

    static let run (training: Training<'P>) =
        let notes = Notes 0
        Assert.True(training.Run(notes, notes.Token))
        notes

    static let metrics (report: EpochReport) =
        report.Metrics |> Array.map fst |> List.ofArray

    interface IDisposable with
        member _.Dispose() = Directory.Delete(folder, true)

    [<Fact>]
    member _.``each layer moves in its own phase alone, then all but the visible units' biases``() =
        let differs (a: 'T) (b: 'T) = VaeStep.numbers a <> VaeStep.numbers b

        let moved (before: Dbn) (after: Dbn) =
            [
                yield! List.map2 differs before.Layers after.Layers
                differs before.Head after.Head
            ]

        let states = ResizeArray [ net ]
        let training = training 6

        let observer =
            { new TrainingObserver with
                member _.OnStep _ = ()
                member _.OnRollback _ = ()

                member _.OnEpoch report =
                    if report.Epoch % 2 = 0 then
                        states.Add(training.Snapshot().Net)
            }

        Assert.True(training.Run(observer, Threading.CancellationToken.None))
        Assert.Equal<bool list>([ true; false; false ], moved states[0] states[1])
        Assert.Equal<bool list>([ false; true; false ], moved states[1] states[2])
        Assert.Equal<bool list>([ true; true; true ], moved states[2] states[3])

        for before, after in List.zip states[2].Layers states[3].Layers do
            Assert.Equal<float[]>(VaeStep.numbers before.VisibleBias, VaeStep.numbers after.VisibleBias)
            Assert.NotEqual<float[]>(VaeStep.numbers before.HiddenBias, VaeStep.numbers after.HiddenBias)

    [<Fact>]
    member _.``the top machine's chains go on while it learns, and rest otherwise``() =
        let chains = ResizeArray [ VaeStep.numbers start.Chains ]
        let training = training 6

        let observer =
            { new TrainingObserver with
                member _.OnStep _ = ()
                member _.OnRollback _ = ()

                member _.OnEpoch report =
                    if report.Epoch % 2 = 0 then
                        chains.Add(VaeStep.numbers (training.Snapshot().Chains))
            }

        Assert.True(training.Run(observer, Threading.CancellationToken.None))
        Assert.Equal(7 * 4, chains[0].Length)
        Assert.Equal<float[]>(chains[0], chains[1])
        Assert.NotEqual<float[]>(chains[1], chains[2])
        Assert.Equal<float[]>(chains[2], chains[3])

    [<Fact>]
    member _.``phases report what they learn, of held-out rows too``() =
        let machine =
            [
                "loss"
                "reconstruction_error"
                "pseudo_likelihood"
                "free_energy"
                "free_energy_gap"
            ]

        let both names =
            names @ (names |> List.map (fun name -> "val_" + name))

        let reports = (run (training 5)).Epochs |> List.map metrics
        Assert.Equal<string list list>(List.replicate 4 (both machine) @ [ both [ "loss"; "accuracy" ] ], reports)

    [<Fact>]
    member _.``fine-tuning is that of the classifier of the same layers``() =
        let options = { Tiny.options with Epochs = 3 }

        let phase = List.last (Dbn.phases shape { learning with Labelled = id } 7)
        let training = Training(Tiny.engine, [ phase ], options, start, train, None)
        let start = Dbn.classifier learning.Dropout net

        let classifier =
            Training(Tiny.engine, Classifier.objective [], options, start, train, None)

        let reports = run training, run classifier
        let found = Dbn.classifier learning.Dropout training.Parameters.Net
        Assert.NotEqual<float[]>(VaeStep.numbers start, VaeStep.numbers found)
        Close.check "weights" 1e-6 (VaeStep.numbers classifier.Parameters) (VaeStep.numbers found)

        let last (notes: Notes) =
            (List.last notes.Epochs).Metrics |> Array.map snd

        Close.check "loss, accuracy" 1e-6 (last (snd reports)) (last (fst reports))

    [<Fact>]
    member _.``labels of rows that are not chosen are not looked at, but their rows are``() =
        let count = 12

        let learning =
            { learning with
                Labelled = Dataset.take count
            }

        let others =
            train
            |> Dataset.withLabels (
                labels
                |> Array.mapi (fun row label -> if row < count then label else (label + 1) % classes)
            )

        let bits data =
            let training = trainingOn Tiny.engine learning 6 data
            run training |> ignore
            VaeStep.numbers training.State

        Assert.Equal<float[]>(bits train, bits others)

        let darker =
            train
            |> Dataset.map (fun place value -> if place / Tiny.rowSize < count then value else 0.5f * value)

        Assert.NotEqual<float[]>(bits train, bits darker)

    [<Fact>]
    member _.``without labels the top layer learns to the end``() =
        let shape = { shape with Classes = None }
        let phases = Dbn.phases shape learning 7
        Assert.Equal(2, phases.Length)

        let start =
            Dbn.create shape (Key.ofSeed 1L) Tiny.rowSize
            |> Dbn.start learning (Key.ofSeed 2L)

        let training =
            Training(Tiny.engine, phases, { Tiny.options with Epochs = 7 }, start, Tiny.train, None)

        let reports = (run training).Epochs
        Assert.Contains("pseudo_likelihood", metrics (List.last reports))
        Assert.True training.Parameters.Net.Head.IsNone

    [<Fact>]
    member _.``autoencoders can be stacked as machines are``() =
        let learning =
            { learning with
                Layer = Reconstruction(Masking 0.25)
            }

        let training = trainingOn Tiny.engine learning 6 train
        let reports = (run training).Epochs |> List.map metrics
        Assert.Equal<string list>([ "loss"; "mse"; "val_loss"; "val_mse" ], reports.Head)
        Assert.Equal<string list>([ "loss"; "accuracy"; "val_loss"; "val_accuracy" ], List.last reports)

    [<Fact>]
    member _.``a phase for labels that has no epochs is refused``() =
        let message = throws<ArgumentException>(fun () -> training 4 |> ignore).Message
        Assert.Contains("epochs: found 4, expected more than 4, which the phases before the last one take", message)

    [<Theory>]
    [<InlineData(3)>]
    [<InlineData(13)>]
    [<InlineData(22)>]
    member _.``stopped in any phase a training resumes with the same bits, at another number of threads``(stopAfter: int) =
        let on threads =
            trainingOn (Cpu.create { Cpu.defaults with Threads = threads }) learning 6 train

        let whole = on 2
        let reports = (run whole).Epochs
        let first = on 1
        let notes = Notes stopAfter
        Assert.False(first.Run(notes, notes.Token))
        first.Save(file, Map.empty)
        let second = on 3
        second.Restore file |> ignore
        let after = run second

        Assert.Equal<EpochReport list>(List.map Tiny.timeless reports, (notes.Epochs @ after.Epochs) |> List.map Tiny.timeless)
        Assert.Equal<float[]>(VaeStep.numbers whole.State, VaeStep.numbers second.State)
