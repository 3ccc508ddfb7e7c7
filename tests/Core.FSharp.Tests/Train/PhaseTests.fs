namespace Functional.Core.Tests

open System
open System.IO
open System.Threading
open Functional.Core
open Xunit

/// Trainings in several phases, with frozen and carried parameters, and what is put aside along the way.
type PhaseTests() =
    let folder = Directory.CreateTempSubdirectory("functional-").FullName
    let file = Path.Combine(folder, "state.safetensors")

    /// Two numbers, each drawn to a target of its own, and a count of steps that is carried.
    static let towards (targets: Map<string, float>) : Objective<Map<string, Tensor> * Carried> =
        let distance (w: Map<string, Tensor>, _) =
            targets
            |> Map.toList
            |> List.map (fun (name, target) -> Tensor.square (w[name] - target))
            |> List.reduce (+)
            |> Tensor.sum

        {
            Loss =
                fun (w, count) _ ->
                    {
                        Loss = distance (w, count)
                        Reported = []
                        Carried = (w, { Carried = count.Carried + 1.0 })
                    }
            Evaluate = fun parameters _ _ -> [ "loss", distance parameters ]
        }

    static let start =
        Map [ "a", Tensor.vector [ 0.5 ]; "b", Tensor.vector [ -0.5 ] ], { Carried = Tensor.scalar 0.0 }

    static let options =
        { Tiny.options with
            Epochs = 5
            Optimizer = Optimizer.momentum 0.01 0.9
        }

    static let phases =
        [
            { Phase.make 2 (towards (Map [ "a", 1.0; "b", 1.0 ])) with
                Frozen = [ "0.b" ]
            }
            Phase.make 1 (towards (Map [ "a", 0.0; "b", 2.0 ]))
        ]

    static let training options =
        Training(Tiny.engine, phases, options, start, Tiny.train, Some Tiny.validation)

    static let run (training: Training<'P>) =
        let notes = Notes 0
        Assert.True(training.Run(notes, notes.Token))
        notes

    static let value name (training: Training<Map<string, Tensor> * Carried>) =
        let numbers, _ = training.Parameters
        numbers[name].ToFloat64s()[0]

    /// Steps of momentum on (w − target)², in the float32 of the parameter.
    static let rec follow steps target (w: float32, velocity: float32) =
        if steps = 0 then
            w
        else
            let velocity = 0.9f * velocity + 2f * (w - target)
            follow (steps - 1) target (w - 0.01f * velocity, velocity)

    interface IDisposable with
        member _.Dispose() = Directory.Delete(folder, true)

    [<Fact>]
    member _.``each phase minimises its own loss with a new optimizer, and frozen parameters stay``() =
        let steps = Tiny.stepsPerEpoch
        let first = training { options with Epochs = 3 }
        run first |> ignore
        let a = follow (2 * steps) 1f (0.5f, 0f)
        Assert.Equal(float (follow steps 0f (a, 0f)), value "a" first, 1e-6)
        Assert.Equal(float (follow steps 2f (-0.5f, 0f)), value "b" first, 1e-6)
        Assert.Equal<int[]>([| 3 * steps |], first.State.Step.ToInt32s())
        Assert.Equal<int[]>([| steps |], first.State.Optimizer.Step.ToInt32s())

    [<Fact>]
    member _.``carried tensors are what the outcome says``() =
        let training = training options
        run training |> ignore
        let _, count = training.Parameters
        Assert.Equal(float (5 * Tiny.stepsPerEpoch), count.Carried.ToScalar())

    [<Fact>]
    member _.``a phase has an optimizer, rows and numbers of its own``() =
        let counted: Objective<Map<string, Tensor> * Carried> =
            let plain = towards (Map [ "a", 0.0 ])

            { plain with
                Loss =
                    fun parameters input ->
                        { plain.Loss parameters input with
                            Reported = [ "rows", Tensor.scalar (float input.Batch.Rows.Shape[0]) ]
                        }
            }

        let phases =
            [
                Phase.make 1 (towards (Map [ "a", 1.0 ]))
                { Phase.make 1 counted with
                    Optimizer = Some(Optimizer.sgd 0.1)
                    Rows = Dataset.take 4
                }
            ]

        let make () =
            Training(Tiny.engine, phases, { options with Epochs = 2 }, start, Tiny.train, Some Tiny.validation)

        let training = make ()
        Assert.Equal<string list>([ "loss"; "rows"; "val_loss" ], training.MetricNames)

        let names =
            (run training).Epochs
            |> List.map (fun report -> report.Metrics |> Array.toList |> List.map fst)

        Assert.Equal<string list list>([ [ "loss"; "val_loss" ]; [ "loss"; "rows"; "val_loss" ] ], names)
        // Four rows are one batch, and a step of 0.1 along 2a leaves four fifths.
        Assert.Equal(Tiny.stepsPerEpoch + 1, training.StepCount)
        let before = follow Tiny.stepsPerEpoch 1f (0.5f, 0f)
        Assert.Equal(0.8 * float before, value "a" training, 1e-6)
        Assert.True training.State.Optimizer.First.IsNone

        training.Save(file, Map.empty)
        let again = make ()
        again.Restore file |> ignore
        Assert.Equal<float[]>(VaeStep.numbers training.State, VaeStep.numbers again.State)

    [<Fact>]
    member _.``the best value is looked for anew in each phase``() =
        let isBest = (run (training options)).Epochs |> List.map _.IsBest
        Assert.Equal<bool list>([ true; true; true; true; true ], isBest)

    [<Theory>]
    [<InlineData(3)>]
    [<InlineData(10)>]
    [<InlineData(13)>]
    [<InlineData(20)>]
    member _.``stopped in any phase a training resumes with the same bits``(stopAfter: int) =
        let whole = training options
        let _ = run whole
        let first = training options
        let notes = Notes stopAfter
        Assert.False(first.Run(notes, notes.Token))
        first.Save(file, Map.empty)
        let second = training options
        let _ = second.Restore file
        run second |> ignore
        Assert.Equal<float[]>(VaeStep.numbers whole.State, VaeStep.numbers second.State)

    [<Fact>]
    member _.``what is put aside, the rate's factor and the end that was ordered are saved``() =
        let first = training options
        let notes = Notes 7
        let _ = first.Run(notes, notes.Token)
        first.Keep()
        first.RateFactor <- 0.25
        first.Stop()
        let kept = VaeStep.numbers first.Kept
        first.Save(file, Map [ "note", "7" ])
        let second = training options
        Assert.Equal("7", (second.Restore file)["note"])
        Assert.Equal<float[]>(kept, VaeStep.numbers second.Kept)
        Assert.Equal(0.25, second.RateFactor)
        Assert.True(second.Run(notes, CancellationToken.None))
        Assert.Equal<int[]>([| 7 |], second.State.Step.ToInt32s())

    [<Fact>]
    member _.``what is put aside does not change with the next step``() =
        let training = training options
        let notes = Notes 1
        let _ = training.Run(notes, notes.Token)
        training.Keep()
        let kept = VaeStep.numbers training.Kept
        run training |> ignore
        Assert.Equal<float[]>(kept, VaeStep.numbers training.Kept)

    [<Fact>]
    member _.``frozen paths that no parameter has are refused, as are phases that do not fit``() =
        let message frozen epochs =
            throws<ArgumentException>(fun () ->
                training
                    { options with
                        Frozen = frozen
                        Epochs = epochs
                    }
                |> ignore)
                .Message

        Assert.Contains("frozen: found '0.c', expected the beginning of a parameter's path", message [ "0.c" ] 5)
        Assert.Contains("epochs: found 2, expected more than 2", message [] 2)
