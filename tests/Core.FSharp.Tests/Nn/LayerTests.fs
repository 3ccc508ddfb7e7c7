namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// Layers together: networks from specifications, their text, their derivatives and their draws.
type LayerTests() =
    static let text =
        "pad:1,conv:4:3:stride=2:padding=same:l2=0.5,batchnorm:momentum=0.9,leaky-relu,convtranspose:2:2x3:stride=2x1:padding=1x0:bias=false,"
        + "swish,maxpool:2:stride=1,avgpool:2,elu,conv:4:1:dilation=2:groups=2:init=normal-0.05,reshape:4x6,flatten,dropout:0.25,"
        + "dense:5:init=he-uniform,tanh,batchnorm,dense:3,softmax"

    static let row = [ 1; 8; 6 ]
    static let key = Key.ofSeed 3L

    static let widened (network: Network) = Tree.map (Tensor.cast Float64) network

    static let refused (action: unit -> 'a) =
        throws<ShapeException>(fun () -> action () |> ignore).Message

    [<Fact>]
    member _.``text leads to layers and back``() =
        Assert.Equal(text, LayerText.print (LayerText.parse text))

        for short, long in
            [
                "conv:4:3x3:stride=1x1:padding=0", "conv:4:3:padding=0"
                " relu , maxpool:3:stride=3", "relu,maxpool:3"
                "dropout:0.50", "dropout:0.5"
            ] do
            Assert.Equal(long, LayerText.print (LayerText.parse short))

    [<Theory>]
    [<InlineData("covn:32:3", "layers: found 'covn:32:3', expected dense, conv, convtranspose")>]
    [<InlineData("covn:32:3", "perhaps you meant conv")>]
    [<InlineData("relu,conv:32", "layers: found 'conv:32', expected conv:FILTERS:SIZE[:stride=S]")>]
    [<InlineData("conv:32:3:step=2", "layers: found 'conv:32:3:step=2', expected conv:FILTERS:SIZE")>]
    [<InlineData("dense:ten", "layers: found 'dense:ten', expected dense:UNITS[:init=NAME]")>]
    [<InlineData("dense:3:init=xavier", "initializer: found xavier, expected he-normal")>]
    [<InlineData("maxpool:2x2x2", "layers: found 'maxpool:2x2x2', expected maxpool:SIZE")>]
    [<InlineData("", "layers: found '', expected dense")>]
    member _.``text that is no layer is refused with its form``(text: string, expected: string) =
        let error = throws<ArgumentException>(fun () -> LayerText.parse text |> ignore)
        Assert.Contains(expected, error.Message)

    [<Theory>]
    [<InlineData("conv:4:3,maxpool:2,conv:4:9",
                 "layer 2, conv:4:9, for rows of [4; 3; 2]: conv2d: found size 3 with padding 0 and 0, expected at least the window's reach 9")>]
    [<InlineData("conv:4:3,dense:10",
                 "layer 1, dense:10, for rows of [4; 6; 4]: dense: found [4; 6; 4], expected rows of numbers; put a flatten layer before it.")>]
    [<InlineData("conv:5:3:groups=2",
                 "layer 0, conv:5:3:groups=2, for rows of [1; 8; 6]: conv2d: found 1 channels and 5 filters in 2 groups")>]
    [<InlineData("flatten,conv:4:3", "layer 1, conv:4:3, for rows of [48]: window: found [1; 48], expected images")>]
    [<InlineData("flatten,dense:0", "layer 1, dense:0, for rows of [48]: dense: found 0 units, expected 1 or more")>]
    [<InlineData("dropout:1", "layer 0, dropout:1, for rows of [1; 8; 6]: dropout: found rate 1, expected 0 up to less than 1")>]
    [<InlineData("reshape:7x7", "layer 0, reshape:7x7, for rows of [1; 8; 6]: reshape: found [1; 1; 8; 6], 48 elements")>]
    member _.``a layer that does not fit is refused by its number and text``(text: string, expected: string) =
        Assert.Contains(expected, refused (fun () -> Network.create (LayerText.parse text) key row))

    [<Fact>]
    member _.``rows have the shape foretold, in both modes``() =
        let network = Network.create (LayerText.parse text) key row
        Assert.Equal<int list>([ 3 ], Network.rowShape network row)

        for mode in [ Mode.Infer; Mode.Train key ] do
            let y, after = Network.apply mode network (Tensor.ones Float32 (7 :: row))
            Assert.Equal<int[]>([| 7; 3 |], y.Shape)

            let paths network =
                Tree.leaves network
                |> Array.map (fun leaf -> leaf.Path, leaf.Tensor.Shape.Length)

            Assert.Equal<(string * int)[]>(paths network, paths after)

    [<Fact>]
    member _.``the initializer suits the next activation``() =
        let deviation text =
            let weights =
                Tree.tensors (Network.create (LayerText.parse text) key [ 400 ]) |> Array.head

            sqrt (Tensor.variance(weights).ToScalar())

        Close.check "He" 0.02 [| sqrt (2.0 / 400.0) |] [| deviation "dense:100,batchnorm,dropout:0.5,relu" |]
        Close.check "Glorot" 0.02 [| sqrt (2.0 / 500.0) |] [| deviation "dense:100" |]

    [<Fact>]
    member _.``derivatives in training are those of finite differences``() =
        let network = widened (Network.create (LayerText.parse text) key row)
        let shape = 4 :: row
        let x = Tensor.ofFloat64s shape (Array.init (4 * 48) (fun i -> cos (float (i * i))))
        let target = Tensor.ofFloat64s [ 4; 3 ] (Array.init 12 float)

        let loss (network: Network) =
            let y, _ = Network.apply (Mode.Train key) network x
            Tensor.sum (y * target) + (Network.price network |> Option.get)

        let gradient = grad loss network
        let step = 1e-6

        for index, leaf in Array.indexed (Tree.leaves gradient) do
            if leaf.IsTrained then
                let found = leaf.Tensor.ToFloat64s()

                // A few elements of each tensor, the first and the last among them.
                for place in Seq.distinct [ 0; found.Length / 3; found.Length - 1 ] do
                    let moved by =
                        let tensors = Tree.tensors network
                        let values = tensors[index].ToFloat64s()
                        values[place] <- values[place] + by
                        tensors[index] <- Tensor.ofFloat64s tensors[index].Shape values
                        (loss (Tree.rebuild network tensors)).ToScalar()

                    let difference = (moved step - moved -step) / (2.0 * step)
                    Close.check $"{leaf.Path}, element {place}" 1e-7 [| difference |] [| found[place] |]

    [<Fact>]
    member _.``a layer's price is that of its own weights``() =
        let network = Network.create (LayerText.parse text) key row

        let weights =
            Tree.leaves network |> Array.find (fun leaf -> leaf.Path = "Layers.1.Weight")

        let squares = weights.Tensor.ToFloat64s() |> Array.sumBy (fun w -> w * w)
        Close.check "price" 1e-6 [| 0.5 * squares |] [| (Network.price network |> Option.get).ToScalar() |]
        Assert.True((Network.price (Network.dense Relu key 3 [ 4 ])).IsNone)

    [<Fact>]
    member _.``dropout keeps the mean, drops the share asked for, and is the identity in use``() =
        let x = Tensor.ones Float32 [ 200; 100 ]
        let y = (Dropout.apply (Mode.Train key) 0.3 x).ToFloat64s()
        let dropped = y |> Array.filter ((=) 0.0) |> Array.length
        // Four deviations of a share over 20,000 draws.
        Close.check "share" (4.0 * sqrt (0.3 * 0.7 / 20000.0)) [| 0.3 |] [| float dropped / 20000.0 |]
        Assert.All(y, (fun value -> Assert.True(value = 0.0 || abs (value - 1.0 / 0.7) < 1e-6)))
        Assert.Same(x, Dropout.apply Mode.Infer 0.3 x)
        Assert.Same(x, Dropout.apply (Mode.Train key) 0.0 x)

    [<Fact>]
    member _.``each dropout layer draws for itself, and the same key draws the same``() =
        let network =
            Network.create (LayerText.parse "dropout:0.5,dropout:0.5") key [ 1000 ]

        let x = Tensor.ones Float32 [ 1; 1000 ]

        let apply key =
            (fst (Network.apply (Mode.Train key) network x)).ToFloat64s()

        let y = apply key
        // Two layers that dropped the same half would leave 500 numbers of 4.
        let left = y |> Array.filter ((<>) 0.0) |> Array.length
        Assert.InRange(left, 195, 305)
        Assert.Equal<float[]>(y, apply key)
        Assert.NotEqual<float[]>(y, apply (Key.ofSeed 4L))
