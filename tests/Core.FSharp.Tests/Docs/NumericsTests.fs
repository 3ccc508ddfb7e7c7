namespace Functional.Core.Tests

open Functional.Core
open Xunit

/// The rules of docs/numerics.md for what is not a number, infinities, ties and places without a derivative, on the default engine.
type NumericsTests() =
    let vector (values: float list) = Tensor.vector values

    let derivative (f: Tensor -> Tensor) (x: float) =
        grad (fun x -> Tensor.sum (f x)) (vector [ x ])

    [<Fact>]
    member _.``maxima and minima with NaN are NaN, and clamp keeps it``() =
        Close.tensor 0.0 [ nan; nan ] (Tensor.maximum (vector [ nan; 1.0 ]) (vector [ 1.0; nan ]))
        Close.tensor 0.0 [ nan; nan ] (Tensor.minimum (vector [ nan; 1.0 ]) (vector [ 1.0; nan ]))
        Close.tensor 0.0 [ nan ] (Tensor.max (vector [ 1.0; nan; 3.0 ]))
        Close.tensor 0.0 [ nan; 1.0 ] (Tensor.clamp 0.0 1.0 (vector [ nan; infinity ]))

    [<Fact>]
    member _.``argmax takes the first NaN, or the first maximum``() =
        Close.tensor 0.0 [ 1.0 ] (Tensor.argmax 0 (vector [ 5.0; nan; nan; 9.0 ]))
        Close.tensor 0.0 [ 1.0 ] (Tensor.argmax 0 (vector [ 5.0; 9.0; 9.0 ]))

    [<Fact>]
    member _.``NaN compares as nothing, and is true as a condition``() =
        for compare in [ Tensor.eq; Tensor.lt; Tensor.le; Tensor.gt; Tensor.ge ] do
            Close.tensor 0.0 [ 0.0 ] (compare (vector [ nan ]) (vector [ nan ]))

        Close.tensor 0.0 [ 1.0 ] (Tensor.ne (vector [ nan ]) (vector [ nan ]))
        Close.tensor 0.0 [ 1.0; 2.0 ] (Tensor.where (vector [ nan; 0.0 ]) (vector [ 1.0; nan ]) (vector [ nan; 2.0 ]))

    [<Fact>]
    member _.``powers, remainders and rounding``() =
        Close.tensor 0.0 [ 1.0; 1.0; nan ] (Tensor.Pow(vector [ nan; 0.0; -2.0 ], vector [ 0.0; 0.0; 0.5 ]))
        Close.tensor 0.0 [ 2.0; -2.0 ] (vector [ -7.0; 7.0 ] % vector [ 3.0; -3.0 ])
        Close.tensor 0.0 [ 0.0; 2.0; 2.0 ] (Tensor.round (vector [ 0.5; 1.5; 2.5 ]))
        Close.tensor 0.0 [ nan ] (Tensor.sign (vector [ nan ]))

    [<Fact>]
    member _.``reductions of nothing and of infinities``() =
        Close.tensor 0.0 [ 0.0 ] (Tensor.sum (Tensor.zeros Float32 [ 0 ]))

        throws<ShapeException>(fun () -> ignore (Tensor.max (Tensor.zeros Float32 [ 0 ])))
        |> ignore

        Close.tensor 0.0 [ -infinity ] (Tensor.logSumExp (vector [ -infinity; -infinity ]))
        Close.tensor 0.0 [ infinity ] (Tensor.logSumExp (vector [ infinity; 1.0 ]))

    [<Fact>]
    member _.``casts to integers cut, saturate and make NaN 0``() =
        Assert.Equal<int[]>([| -2; 0; System.Int32.MaxValue |], (Tensor.cast Int32 (vector [ -2.9; nan; 1e20 ])).ToInt32s())

    [<Fact>]
    member _.``derivatives where there is none``() =
        let zero = vector [ 0.0 ]

        for f in
            [
                Tensor.abs
                Tensor.sign
                Tensor.floor
                Tensor.ceil
                Tensor.round
                Activation.apply Relu
            ] do
            Close.tensor 0.0 [ 0.0 ] (derivative f 0.0)

        Close.tensor 0.0 [ 0.5 ] (derivative (fun x -> Tensor.maximum x zero) 0.0)
        Close.tensor 0.0 [ 0.5 ] (derivative (fun x -> Tensor.minimum x zero) 0.0)
        Close.tensor 0.0 [ 0.0; 0.5; 0.5 ] (grad Tensor.max (vector [ 1.0; 3.0; 3.0 ]))
        Close.tensor 0.0 [ 0.0 ] (derivative (fun x -> Tensor.pow x 0.0) 0.0)
        Close.tensor 0.0 [ 0.0 ] (derivative (fun y -> Tensor.Pow(zero, y)) 2.0)

    [<Fact>]
    member _.``a branch with an infinite derivative needs its input guarded too``() =
        let zero = vector [ 0.0 ]

        let outside x =
            Tensor.where (Tensor.gt x zero) (Tensor.sqrt x) zero

        let inside x =
            let isPositive = Tensor.gt x zero
            Tensor.where isPositive (Tensor.sqrt (Tensor.where isPositive x (Tensor.onesLike x))) zero

        Close.tensor 0.0 [ nan ] (derivative outside 0.0)
        Close.tensor 0.0 [ 0.0 ] (derivative inside 0.0)
