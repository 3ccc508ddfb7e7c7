namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// What becomes of gradients before a rule sees them.
type GradientTransformTests() =
    static let tensor shape values = Tensor.ofFloat64s shape values

    static let one transform shape values =
        let g = tensor shape values

        GradientTransform.chain [ transform ] [| Tensor.zerosLike g |] [| g |]
        |> Array.exactlyOne

    [<Fact>]
    member _.``dense weights are centred over the inputs of each unit``() =
        one Centralize [ 3; 2 ] [| 1.0; 10.0; 2.0; 20.0; 6.0; 60.0 |]
        |> Close.tensor 1e-15 [ -2.0; -20.0; -1.0; -10.0; 3.0; 30.0 ]

    [<Fact>]
    member _.``kernels are centred over channels, rows and columns of each filter``() =
        one Centralize [ 2; 2; 1; 2 ] [| 1.0; 2.0; 3.0; 6.0; 10.0; 20.0; 30.0; 60.0 |]
        |> Close.tensor 1e-15 [ -2.0; -1.0; 0.0; 3.0; -20.0; -10.0; 0.0; 30.0 ]

    [<Fact>]
    member _.``biases and scalars are not centred``() =
        one Centralize [ 3 ] [| 1.0; 2.0; 6.0 |] |> Close.tensor 0.0 [ 1.0; 2.0; 6.0 ]
        one Centralize [] [| 4.0 |] |> Close.tensor 0.0 [ 4.0 ]

    [<Fact>]
    member _.``a centred gradient keeps the sum of each unit's weights``() =
        let start = Sample.normal (Key.ofSeed 3L) Float64 [ 7; 4 ]
        let target = Sample.normal (Key.ofSeed 4L) Float64 [ 7; 4 ]

        let optimizer =
            { Optimizer.nesterov 0.01 0.9 with
                Transforms = [ Centralize ]
            }

        let mutable state = start, Optimizer.init optimizer start

        for _ in 1..5 do
            let w, memory = state
            state <- Optimizer.update optimizer (grad (fun w -> Tensor.sum (Tensor.square (w - target))) w) memory w

        let sums (w: Tensor) = (Tensor.sumOver [ 0 ] w).ToFloat64s()
        Assert.NotEqual<float[]>(start.ToFloat64s(), (fst state).ToFloat64s())
        Close.check "sums" 1e-14 (sums start) (sums (fst state))

    [<Fact>]
    member _.``values are clipped one by one``() =
        one (ClipValue 2.0) [ 5 ] [| -3.0; -2.0; 0.5; 2.0; infinity |]
        |> Close.tensor 0.0 [ -2.0; -2.0; 0.5; 2.0; 2.0 ]

    [<Fact>]
    member _.``the norm is that of all tensors together``() =
        let gradients = [| tensor [ 2; 1 ] [| 3.0; -4.0 |]; tensor [ 1 ] [| 12.0 |] |]
        Close.tensor 0.0 [ 13.0 ] (GradientTransform.norm gradients)
        Close.tensor 0.0 [ 0.0 ] (GradientTransform.norm [||])

        let check limit (expected: float list) =
            GradientTransform.chain [ ClipNorm limit ] (gradients |> Array.map Tensor.zerosLike) gradients
            |> Array.collect _.ToFloat64s()
            |> Close.check $"to {limit}" 1e-15 (List.toArray expected)

        check 6.5 [ 1.5; -2.0; 6.0 ]
        check 13.0 [ 3.0; -4.0; 12.0 ]
        check 100.0 [ 3.0; -4.0; 12.0 ]

    [<Fact>]
    member _.``a gradient of 0 has no norm to clip``() =
        one (ClipNorm 1.0) [ 2 ] [| 0.0; 0.0 |] |> Close.tensor 0.0 [ 0.0; 0.0 ]

    [<Fact>]
    member _.``a norm too large for float32 is still clipped``() =
        let g = Tensor.ofFloat32s [ 2 ] [| 3e30f; 4e30f |]
        let clipped = GradientTransform.chain [ ClipNorm 5.0 ] [| g |] [| g |]
        Close.tensor 1e-6 [ 3.0; 4.0 ] clipped[0]

    [<Fact>]
    member _.``coupled decay is the gradient of an L2 price``() =
        let w = tensor [ 2; 1 ] [| 3.0; -4.0 |]

        let price w =
            Regularizer.cost (Regularizer.l2 0.05) w |> Option.get

        let decayed =
            GradientTransform.chain [ CoupledDecay 0.1 ] [| w |] [| Tensor.zerosLike w |]

        Close.check "decay" 1e-15 ((grad price w).ToFloat64s()) (decayed[0].ToFloat64s())

    [<Fact>]
    member _.``transforms act in the order of the list``() =
        let g = tensor [ 2; 1 ] [| 0.0; 10.0 |]

        let chain transforms =
            GradientTransform.chain transforms [| Tensor.zerosLike g |] [| g |]
            |> Array.exactlyOne

        chain [ ClipValue 4.0; Centralize ] |> Close.tensor 1e-15 [ -2.0; 2.0 ]
        chain [ Centralize; ClipValue 4.0 ] |> Close.tensor 1e-15 [ -4.0; 4.0 ]
