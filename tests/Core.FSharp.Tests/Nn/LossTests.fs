namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// Losses against their formulas in float64, and where formulas written naively overflow.
type LossTests() =
    static let matrix dtype rows =
        let rows = rows |> List.map List.toArray
        Tensor.ofValues dtype [ rows.Length; rows.Head.Length ] (Array.concat rows)

    static let logits = [ [ -2.0; 0.5; 3.0 ]; [ 0.0; 1.0; -0.25 ] ]
    static let grey = [ [ 0.0; 1.0; 0.3 ]; [ 0.5; 0.9; 1.0 ] ]
    static let logistic x = 1.0 / (1.0 + exp -x)
    static let types = [ Float64, 1e-12; Float32, 1e-6 ]

    static let byRow f (a: float list list) b =
        List.map2 (fun a b -> List.map2 f a b |> List.sum) a b

    static let finite (tensor: Tensor) =
        Assert.All(tensor.ToFloat64s(), (fun x -> Assert.True(Double.IsFinite x)))

    [<Fact>]
    member _.``bernoulli is the log-likelihood of each pixel``() =
        let expected =
            byRow (fun l x -> -(x * log (logistic l) + (1.0 - x) * log (1.0 - logistic l))) logits grey

        for dtype, tolerance in types do
            Close.tensor tolerance expected (Loss.bernoulli (matrix dtype logits) (matrix dtype grey))

    [<Fact>]
    member _.``gaussian is the log-density of each number``() =
        let density mean x =
            let logVar = 0.5 * mean
            0.5 * ((x - mean) * (x - mean) / exp logVar + logVar + log (2.0 * Math.PI))

        for dtype, tolerance in types do
            let mean = matrix dtype logits
            Close.tensor tolerance (byRow density logits grey) (Loss.gaussian mean (0.5 * mean) (matrix dtype grey))

    [<Fact>]
    member _.``categorical is the log-probability of the label``() =
        let expected =
            List.map2 (fun (row: float list) label -> log (List.sumBy exp row) - row[label]) logits [ 2; 0 ]

        let labels = Tensor.ofInt32s [ 2 ] [| 2; 0 |]

        for dtype, tolerance in types do
            Close.tensor tolerance expected (Loss.categorical (matrix dtype logits) labels)

    [<Fact>]
    member _.``categorical's gradient is the probability minus the label``() =
        let labels = Tensor.ofInt32s [ 2 ] [| 2; 0 |]
        let x = matrix Float64 logits
        let gradient = grad (fun x -> Tensor.sum (Loss.categorical x labels)) x
        let expected = Tensor.softmax 1 x - Tensor.oneHot Float64 3 labels
        Close.check "gradient" 1e-12 (expected.ToFloat64s()) (gradient.ToFloat64s())

    [<Fact>]
    member _.``bernoulli's gradient is the probability minus the pixel``() =
        let x = matrix Float64 grey

        let gradient =
            grad (fun l -> Tensor.sum (Loss.bernoulli l x)) (matrix Float64 logits)

        Close.check "gradient" 1e-12 ((Tensor.sigmoid (matrix Float64 logits) - x).ToFloat64s()) (gradient.ToFloat64s())

    [<Fact>]
    member _.``mean squared error is a mean over the row``() =
        let expected = byRow (fun y x -> (x - y) * (x - y) / 3.0) logits grey

        for dtype, tolerance in types do
            Close.tensor tolerance expected (Loss.meanSquared (matrix dtype logits) (matrix dtype grey))

    [<Fact>]
    member _.``a difference of a tenth everywhere is 20 dB under the peak, one of 1 is none, none is infinite``() =
        let x = matrix Float64 grey
        Close.tensor 1e-12 [ 20.0; 20.0 ] (Loss.psnr (x - 0.1) x)
        Close.tensor 1e-12 [ 0.0; 0.0 ] (Loss.psnr (x + 1.0) x)
        Close.tensor 0.0 [ infinity; infinity ] (Loss.psnr x x)

    [<Fact>]
    member _.``rows of any rank give one number``() =
        let images = Tensor.reshape [ 2; 1; 3; 1 ]
        let flat = Loss.bernoulli (matrix Float32 logits) (matrix Float32 grey)

        let shaped =
            Loss.bernoulli (images (matrix Float32 logits)) (images (matrix Float32 grey))

        Assert.Equal<float[]>(flat.ToFloat64s(), shaped.ToFloat64s())

    [<Theory>]
    [<InlineData(80.0)>]
    [<InlineData(1e4)>]
    member _.``extreme logits give finite losses and gradients``(size: float) =
        let x = matrix Float32 [ [ size; -size; size; -size ] ]
        let pixels = matrix Float32 [ [ 1.0; 0.0; 0.0; 1.0 ] ]
        Close.tensor 1e-6 [ 2.0 * size ] (Loss.bernoulli x pixels)
        Close.tensor 1e-6 [ 0.0; 0.0; 1.0; -1.0 ] (grad (fun x -> Tensor.sum (Loss.bernoulli x pixels)) x)

        for label, expected in [ 0, log 2.0; 1, 2.0 * size + log 2.0 ] do
            let labels = Tensor.ofInt32s [ 1 ] [| label |]
            Close.tensor 1e-6 [ expected ] (Loss.categorical x labels)
            finite (grad (fun x -> Tensor.sum (Loss.categorical x labels)) x)
