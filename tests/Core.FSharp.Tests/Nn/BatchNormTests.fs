namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// Batch normalisation against its formulas, written out over arrays.
type BatchNormTests() =
    static let train = Mode.Train(Key.ofSeed 1L)

    /// Rows of three channels: plain numbers, and images of 2 by 2.
    static let shapes = [ [ 5; 3 ]; [ 4; 3; 2; 2 ] ]

    static let values (shape: int list) =
        Array.init (List.fold (*) 1 shape) (fun i -> 3.0 + 2.0 * sin (float (i * i)))

    static let channelOf (shape: int list) i = i / (List.fold (*) 1 shape[2..]) % 3

    /// The numbers of each channel.
    static let byChannel shape (x: float[]) =
        [|
            for c in 0..2 ->
                x
                |> Array.indexed
                |> Array.filter (fun (i, _) -> channelOf shape i = c)
                |> Array.map snd
        |]

    static let variance (x: float[]) =
        let mean = Array.average x
        x |> Array.averageBy (fun v -> (v - mean) ** 2.0)

    static let layer: BatchNorm =
        { BatchNorm.create 0.9 0.001 3 with
            Scale = Tensor.ofFloat64s [ 3 ] [| 1.0; 2.0; -0.5 |]
            Shift = Tensor.ofFloat64s [ 3 ] [| 0.0; 1.0; 3.0 |]
            Mean =
                {
                    Carried = Tensor.ofFloat64s [ 3 ] [| 1.0; 2.0; 3.0 |]
                }
            Variance =
                {
                    Carried = Tensor.ofFloat64s [ 3 ] [| 4.0; 0.25; 1.0 |]
                }
        }

    static let normalised shape (mean: float[]) (variance: float[]) (x: float[]) =
        let scale, shift = layer.Scale.ToFloat64s(), layer.Shift.ToFloat64s()

        x
        |> Array.mapi (fun i v ->
            let c = channelOf shape i
            scale[c] * (v - mean[c]) / sqrt (variance[c] + 0.001) + shift[c])

    [<Fact>]
    member _.``training normalises by the batch and moves the running statistics towards it``() =
        for shape in shapes do
            let x = values shape
            let means = byChannel shape x |> Array.map Array.average
            let variances = byChannel shape x |> Array.map variance
            let y, after = BatchNorm.apply train layer (Tensor.ofFloat64s shape x)
            Close.check "y" 1e-12 (normalised shape means variances x) (y.ToFloat64s())
            let moved = Array.map2 (fun running batch -> 0.9 * running + 0.1 * batch)
            Close.check "mean" 1e-12 (moved [| 1.0; 2.0; 3.0 |] means) (after.Mean.Carried.ToFloat64s())
            Close.check "variance" 1e-12 (moved [| 4.0; 0.25; 1.0 |] variances) (after.Variance.Carried.ToFloat64s())

    [<Fact>]
    member _.``use normalises by the running statistics and leaves them``() =
        for shape in shapes do
            let x = values shape
            let y, after = BatchNorm.apply Mode.Infer layer (Tensor.ofFloat64s shape x)
            Close.check "y" 1e-12 (normalised shape [| 1.0; 2.0; 3.0 |] [| 4.0; 0.25; 1.0 |] x) (y.ToFloat64s())
            Assert.Same(layer, after)

    [<Fact>]
    member _.``a far mean costs no digits of float32``() =
        let x = Tensor.matrix [ for i in 0..7 -> [ 10000.0 + float i ] ]
        let y, _ = BatchNorm.apply train (BatchNorm.create 0.99 0.001 1) x
        let expected = [| for i in 0..7 -> (float i - 3.5) / sqrt (5.25 + 0.001) |]
        Close.check "y" 1e-6 expected (y.ToFloat64s())

    [<Fact>]
    member _.``scale and shift are trained, statistics are carried``() =
        let trained =
            Tree.leaves (BatchNorm.create 0.99 0.001 3)
            |> Array.map (fun leaf -> leaf.Path, leaf.IsTrained)

        Assert.Equal<(string * bool)[]>([| "Scale", true; "Shift", true; "Mean", false; "Variance", false |], trained)

    [<Fact>]
    member _.``a batch that repeats becomes the running statistics``() =
        let x = Tensor.ofFloat64s [ 5; 3 ] (values [ 5; 3 ])

        let after =
            Seq.fold (fun layer _ -> snd (BatchNorm.apply train layer x)) layer [ 1..400 ]

        let used, _ = BatchNorm.apply Mode.Infer after x
        let trained, _ = BatchNorm.apply train after x
        Close.check "use as in training" 1e-12 (trained.ToFloat64s()) (used.ToFloat64s())

    [<Fact>]
    member _.``numbers out of range are refused``() =
        let refused momentum epsilon =
            throws<ArgumentException>(fun () -> BatchNorm.create momentum epsilon 3 |> ignore).Message

        Assert.Contains("momentum: found 1, expected 0 up to less than 1", refused 1.0 0.001)
        Assert.Contains("epsilon: found 0, expected more than 0", refused 0.9 0.0)

        let error =
            throws<ShapeException>(fun () -> BatchNorm.apply train layer (Tensor.zeros Float64 [ 5; 4 ]) |> ignore)

        Assert.Equal("batch norm: found [5; 4], expected [batch; 3; ...].", error.Message)
