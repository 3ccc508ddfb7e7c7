namespace Functional.Core.Tests

open System
open System.IO
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
        // Comparing with infinity is no fault.
        Assert.Equal(None, Diagnosis.firstNonFinite [] (Tensor.logSumExp x))

/// Trainings that diverge go back to where they were sound when they are told to.
type RollbackTests() =
    let folder = Directory.CreateTempSubdirectory("functional-").FullName
    let file = Path.Combine(folder, "state.safetensors")

    /// Descent on w² at a rate at which it explodes unless the rate becomes less than 1.
    static let square: Objective<Tensor> =
        let cost (w: Tensor) = Tensor.sum (w * w)

        {
            Loss =
                fun w _ ->
                    {
                        Loss = cost w
                        Reported = [ "size", Tensor.abs (Tensor.sum w) ]
                        Carried = w
                    }
            Evaluate = fun w _ _ -> [ "loss", cost w ]
        }

    static let options =
        { Tiny.options with
            Epochs = 3
            Optimizer = Optimizer.sgd 3.0
            OnDivergence = OnDivergence.Rollback
            Limits = [ "size", 1000.0 ]
        }

    static let start options =
        Training(Tiny.engine, square, options, Tensor.vector [ 1.0 ], Tiny.train, None)

    static let run cancelAfter (training: Training<Tensor>) =
        let notes = Notes cancelAfter
        training.Run(notes, notes.Token) |> ignore
        notes

    interface IDisposable with
        member _.Dispose() = Directory.Delete(folder, true)

    [<Fact>]
    member _.``a run that diverges is rescued by going back``() =
        let error =
            throws<DivergedException>(fun () ->
                start
                    { options with
                        OnDivergence = OnDivergence.Stop
                    }
                |> run 0
                |> ignore)

        // 1, −5, 25, −125, 625, −3125: the sixth step sees a size beyond the limit.
        Assert.Equal(2, error.Epoch)
        Assert.Equal(6, error.Step)
        Assert.StartsWith("size of 3125, beyond its limit of 1000", error.Fault)
        Assert.Equal(None, error.Culprit)

        let training = start options
        let notes = run 0 training
        Assert.Equal(options.Epochs, training.Epoch)
        Assert.NotEmpty notes.Rollbacks
        Assert.Equal(training.RateFactor, (List.last notes.Rollbacks).RateFactor)
        Assert.Equal<float list>([ for i in 1 .. notes.Rollbacks.Length -> 0.5 ** float i ], notes.Rollbacks |> List.map _.RateFactor)
        Assert.All(notes.Rollbacks, (fun report -> Assert.Contains("size", report.Fault)))

    [<Fact>]
    member _.``what can not be rescued ends with the fault``() =
        let hopeless =
            { options with
                Limits = [ Limit.GradientNorm, 1.0 ]
            }

        let notes = Notes 0
        let training = start hopeless

        let error =
            throws<DivergedException>(fun () -> training.Run(notes, notes.Token) |> ignore)

        Assert.StartsWith("gradient_norm of 2, beyond its limit of 1", error.Fault)
        Assert.Equal(10, notes.Rollbacks.Length)
        Assert.Equal(0, training.StepCount)

    [<Theory>]
    [<InlineData(3)>]
    [<InlineData(5)>]
    [<InlineData(8)>]
    [<InlineData(12)>]
    member _.``a stop in the middle does not change where a run goes back to``(stopAfter: int) =
        let whole = start options
        run 0 whole |> ignore
        let first = start options
        run stopAfter first |> ignore
        first.Save(file, Map.empty)
        let second = start options
        second.Restore file |> ignore
        run 0 second |> ignore
        Assert.Equal<float[]>(VaeStep.numbers whole.State, VaeStep.numbers second.State)

    [<Fact>]
    member _.``a limit is on a number that is reported, and more than 0``() =
        let refused limits =
            throws<ArgumentException>(fun () -> start { options with Limits = limits } |> ignore).Message

        Assert.Contains("'sise'", refused [ "sise", 1.0 ])
        Assert.Contains("size", refused [ "sise", 1.0 ])
        Assert.Contains("more than 0", refused [ "size", 0.0 ])
