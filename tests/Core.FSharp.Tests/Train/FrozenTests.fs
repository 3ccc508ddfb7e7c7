namespace Functional.Core.Tests

open Functional.Core
open Functional.Core.Graph
open Xunit

/// What is left out for parameters that stay as they are.
type FrozenTests() =
    static let input =
        {
            Key = Key.ofSeed 1L
            Step = Tensor.zeros DType.Int32 []
            Batch = (BatchReader Tiny.train).Read (Batches.epoch Batches.defaults (Threefry.ofSeed 1L) 0 Tiny.train) 0
        }

    static let phase =
        Phase.only (VaeObjective.create VaeObjective.defaults) |> List.exactlyOne

    /// What is minimised with and without a price, one after the other.
    static let price frozen =
        let value strength =
            let options =
                { Tiny.options with
                    Regularizer = Regularizer.l2 strength
                    Frozen = frozen
                }

            let loss, _, _ = TrainingStep.loss options phase (Tiny.model 1L) input
            loss.ToScalar()

        value 1.0 - value 0.0

    /// The matrix products of a training step.
    static let products frozen =
        let recorder = Recorder Tiny.engine

        let training =
            Tiny.start
                recorder.Engine
                { Tiny.options with
                    Epochs = 1
                    Frozen = frozen
                }
                1L
                Tiny.train

        Tiny.finish training |> ignore

        let count (program: Compile.Program) =
            Walk.topological (fun _ -> true) program.Outputs
            |> Seq.filter (fun node -> node.Op.IsMatMul)
            |> Seq.length

        recorder.Programs |> Seq.map count |> Seq.max

    [<Fact>]
    member _.``frozen weights have no price``() =
        let squares paths =
            Tree.leaves (Tiny.model 1L)
            |> Seq.filter (fun leaf -> leaf.Tensor.Rank = 2 && not (Frozen.covers paths leaf.Path))
            |> Seq.sumBy (fun leaf -> (Tensor.sum (Tensor.square leaf.Tensor)).ToScalar())

        Assert.Equal(squares [], price [], 1e-4)
        Assert.Equal(squares [ "Encoder"; "Decoder.Layers.2.Weight" ], price [ "Encoder"; "Decoder.Layers.2.Weight" ], 1e-4)
        Assert.True(squares [] > 1.01 * squares [ "Encoder"; "Decoder.Layers.2.Weight" ])

    [<Fact>]
    member _.``gradients of frozen parameters are not computed``() =
        // That of its own weight, and those that carry gradients down to it from the mean and from the log-variance.
        Assert.Equal(products [] - 3, products [ "Encoder.Layers.0" ])
        // Codes are still learnt through its two layers; only the products for their own weights go.
        Assert.Equal(products [] - 2, products [ "Decoder" ])
