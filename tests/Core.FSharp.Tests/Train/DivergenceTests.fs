namespace Functional.Core.Tests

open System
open Functional.Core
open Functional.Core.Engines
open Xunit

/// Trainings that go wrong stop, say where and why, and keep what they had.
type DivergenceTests() =
    static let diverges (training: Training<Vae>) =
        let notes = Notes 0
        notes, throws<DivergedException>(fun () -> training.Run(notes, notes.Token) |> ignore)

    static let isFinite (training: Training<Vae>) =
        let state = training.State
        // The best value so far is infinite until there is one.
        [|
            VaeStep.numbers state.Parameters
            VaeStep.numbers state.Optimizer
            state.Totals.ToFloat64s()
        |]
        |> Array.forall (Array.forall Double.IsFinite)

    /// The tiny rows with one number replaced.
    static let spoiled value =
        let features = Array.copy Tiny.train.Features
        features[Tiny.rowSize * 9 + 2] <- value
        Dataset.create "spoiled" [| Tiny.rowSize |] features

    /// Which batch of the first epoch deals row 9.
    static let batchOfRow =
        let order =
            Batches.epoch
                { Batches.defaults with
                    Size = Tiny.batchSize
                }
                (Key.words (TrainingKeys.order Tiny.options.Seed))
                0
                Tiny.train

        Seq.init order.Count id
        |> Seq.findIndex (fun batch -> Array.contains 9 (order.Indices(batch).ToArray()))

    static member NotFinite: obj[] seq = [ for value in [ nan; infinity ] -> [| value |] ]

    [<Theory; MemberData("NotFinite")>]
    member _.``data that is not finite is named, and the state is that before the step``(value: float) =
        let training = Tiny.start Tiny.engine Tiny.options 1L (spoiled (float32 value))
        let notes, error = diverges training
        Assert.Equal(batchOfRow, notes.Steps.Length)
        Assert.Equal(1, error.Epoch)
        Assert.Equal(batchOfRow + 1, error.Step)
        Assert.Equal(Some "the data [5; 6]", error.Culprit)
        Assert.Contains($"at step {batchOfRow + 1} of epoch 1", error.Message)
        Assert.True(isFinite training)

        // The rows before the spoiled one are the same, and so are the steps.
        let sound = Tiny.start Tiny.engine Tiny.options 1L (spoiled 0.5f)

        if batchOfRow > 0 then
            Tiny.run batchOfRow sound |> ignore

        Assert.Equal<float[]>(Tiny.bits sound, Tiny.bits training)

    [<Theory>]
    [<InlineData(1e4)>]
    [<InlineData(1e10)>]
    [<InlineData(1e30)>]
    member _.``a rate that explodes is found out, and the state stays finite``(rate: float) =
        let options =
            { Tiny.options with
                Epochs = 50
                Optimizer = Optimizer.sgd rate
            }

        let training = Tiny.start Tiny.engine options 1L Tiny.train
        let notes, error = diverges training
        Assert.NotEmpty notes.Steps
        Assert.All(notes.Steps, (fun step -> Assert.True(Double.IsFinite step.Loss)))
        Assert.Equal(notes.Steps.Length + 1, error.Step)
        Assert.StartsWith("the result of ", error.Culprit.Value)
        Assert.Contains("lower the learning rate or check the data", error.Message)
        Assert.True(isFinite training)

    [<Fact>]
    member _.``a parameter that is not finite is named by its path``() =
        let training = Tiny.training ()

        training.State <-
            { training.State with
                Parameters.Mean.Bias = Tensor.vector [ 1.0; nan ]
            }

        let _, error = diverges training
        Assert.Equal(Some "parameter Mean.Bias [2]", error.Culprit)
        Assert.Equal(1, error.Step)

    [<Fact>]
    member _.``after it stopped a training goes on at a lower rate``() =
        let explosive =
            Tiny.start
                Tiny.engine
                { Tiny.options with
                    Optimizer = Optimizer.sgd 1e10
                }
                1L
                Tiny.train

        diverges explosive |> ignore

        let gentle =
            Tiny.start
                Tiny.engine
                { Tiny.options with
                    Optimizer = Optimizer.sgd 0.01
                }
                1L
                Tiny.train

        gentle.State <-
            { explosive.State with
                Parameters = Tiny.model 1L
            }

        let metrics =
            (Tiny.finish gentle).Epochs
            |> List.collect (fun report -> List.ofArray report.Metrics)

        Assert.NotEmpty metrics
        Assert.All(metrics, (fun (_, value) -> Assert.True(Double.IsFinite value)))

    [<Fact>]
    member _.``the first operation that gives no finite number is named``() =
        let x = Tensor.vector [ 0.0; 1.0 ]
        let result = Tensor.sum (2.0 * Tensor.log (x * 3.0))
        Assert.Equal(Some "the result of log [2]", Diagnosis.firstNonFinite [ "the data", x ] result)
        Assert.Equal(Some "the data [2]", Diagnosis.firstNonFinite [ "the data", Tensor.log x ] result)
        Assert.Equal(None, Diagnosis.firstNonFinite [] (Tensor.sum x))
