namespace Functional.Core.Tests

open System
open System.IO
open Functional.Core
open Functional.Core.Engines
open Xunit

/// Whole trainings of small machines: what they learn, and that nothing disturbs their bits.
type RbmTrainingTests() =
    let file =
        Path.Combine(Directory.CreateTempSubdirectory("functional-").FullName, "state.safetensors")

    /// Bars and stripes of 3 by 3: each line of one direction on or off, 14 pictures in all.
    static let patterns =
        [|
            for lines in SmallMachine.states 3 do
                Array.init 9 (fun pixel -> lines[pixel / 3])
                Array.init 9 (fun pixel -> lines[pixel % 3])
        |]
        |> Array.distinct

    static let set copies =
        Array.replicate copies patterns
        |> Array.concat
        |> Array.concat
        |> Array.map float32
        |> Dataset.create "bars and stripes" [| 9 |]

    static let everything =
        { RbmObjective.defaults with
            Steps = 2
            Persistent = Some 11
            Centred = Some 0.05
            Update = RbmUpdate.Sampled
        }

    static let options =
        { TrainingOptions.defaults with
            Epochs = 3
            BatchSize = 5
            Seed = 21L
            Optimizer = Optimizer.momentum 0.05 0.5
        }

    static let start engine learning options copies hidden seed =
        let machine =
            RbmObjective.start learning (Key.ofSeed 2L) (Rbm.create (Key.ofSeed seed) 9 hidden)

        Training(engine, RbmObjective.create learning, options, machine, set copies, None)

    static let threads count =
        Cpu.create { Cpu.defaults with Threads = count }

    static let finish (training: Training<RbmTraining>) =
        let notes = Notes 0
        Assert.True(training.Run(notes, notes.Token))
        notes

    static let bits (training: Training<RbmTraining>) = VaeStep.numbers training.State

    /// KL(data ‖ machine) in nats, all states summed.
    static let divergence (rbm: Rbm) =
        let exact = Tree.map (Tensor.cast Float64) rbm

        let free (v: float[][]) =
            (Rbm.freeEnergy exact (Matrices.tensor v)).ToFloat64s()

        let logZ = -(SmallMachine.freeEnergy (free (SmallMachine.states 9)))
        let likelihood = patterns |> free |> Array.averageBy (fun energy -> -energy - logZ)
        -log(float patterns.Length) - likelihood

    interface IDisposable with
        member _.Dispose() =
            Directory.Delete(nonNull (Path.GetDirectoryName file), true)

    static member Ways: obj[] seq =
        [
            for name, learning, epochs in
                [
                    "CD-5", { RbmObjective.defaults with Steps = 5 }, 150
                    "PCD-2",
                    { RbmObjective.defaults with
                        Steps = 2
                        Persistent = Some 100
                    },
                    150
                    "PCD-2 by states, centred",
                    { everything with
                        Persistent = Some 100
                    },
                    150
                ] -> [| name; learning; epochs |]
        ]

    [<Theory; MemberData("Ways")>]
    member _.``bars and stripes are learnt``(_: string, learning: RbmLearning, epochs: int) =
        let training =
            start
                (threads 1)
                learning
                { options with
                    Epochs = epochs
                    BatchSize = 28
                    Optimizer =
                        { Optimizer.momentum 0.05 0.9 with
                            Schedule = Cosine(epochs * 10, 0.0)
                        }
                }
                20
                12
                1L

        let before = divergence training.Parameters.Rbm
        let reports = (finish training).Epochs
        let after = divergence training.Parameters.Rbm
        // Even odds on all 512 pictures are log 512 − log 14 = 3.6 nats away.
        Assert.InRange(before, 3.4, 3.8)
        Assert.InRange(after, 0.0, 0.5)

        let likelihood (report: EpochReport) =
            (Map.ofArray report.Metrics)["pseudo_likelihood"]

        Assert.True(likelihood (List.last reports) > likelihood reports.Head + 1.0)

    [<Fact>]
    member _.``bits do not depend on threads or on the run``() =
        let trained count =
            let training = start (threads count) everything options 3 6 1L
            finish training |> ignore
            bits training

        let expected = trained 1
        Assert.Equal<float[]>(expected, trained 1)
        Assert.Equal<float[]>(expected, trained 2)
        Assert.Equal<float[]>(expected, trained 3)

    [<Theory>]
    [<InlineData(1)>]
    [<InlineData(9)>]
    [<InlineData(13)>]
    member _.``a training that was stopped goes on with its chains and offsets``(stopAfter: int) =
        let whole = start Tiny.engine everything options 3 6 1L
        finish whole |> ignore
        let first = start Tiny.engine everything options 3 6 1L
        let notes = Notes stopAfter
        Assert.False(first.Run(notes, notes.Token))
        first.Save(file, Map.empty)
        let second = start Tiny.engine everything options 3 6 99L
        second.Restore file |> ignore
        finish second |> ignore
        Assert.Equal<float[]>(bits whole, bits second)

    [<Fact>]
    member _.``chains move and carried tensors are not trained``() =
        let training = start Tiny.engine everything options 3 6 1L
        let before = VaeStep.numbers training.Parameters.Chains
        finish training |> ignore
        let after = VaeStep.numbers training.Parameters.Chains
        Assert.NotEqual<float[]>(before, after)
        Assert.All(after, (fun state -> Assert.True((state = 0.0 || state = 1.0))))
        Assert.Equal(3, Tree.trained training.Parameters |> Array.length)

    [<Fact>]
    member _.``a second step compiles nothing``() =
        let recorder = Recorder Tiny.engine
        let training = start recorder.Engine everything options 3 6 1L
        finish training |> ignore
        // 42 rows in batches of 5: a step of a whole batch and one of the last.
        Assert.Equal(2, recorder.Programs.Length)

    [<Fact>]
    member _.``a price on weights leaves biases free``() =
        let learning = RbmObjective.defaults

        let slope regularizer =
            let training =
                start
                    Tiny.engine
                    learning
                    { options with
                        Regularizer = regularizer
                        Epochs = 1
                        BatchSize = 14
                        Optimizer = Optimizer.sgd 1.0
                    }
                    1
                    6
                    1L

            finish training |> ignore
            training.Parameters.Rbm

        let machine = Rbm.create (Key.ofSeed 1L) 9 6
        let plain, priced = slope Regularizer.none, slope (Regularizer.l2 0.25)
        Close.check "weight" 1e-6 ((plain.Weight - 0.5 * machine.Weight).ToFloat64s()) (priced.Weight.ToFloat64s())
        Assert.Equal<float[]>(plain.VisibleBias.ToFloat64s(), priced.VisibleBias.ToFloat64s())
        Assert.Equal<float[]>(plain.HiddenBias.ToFloat64s(), priced.HiddenBias.ToFloat64s())
