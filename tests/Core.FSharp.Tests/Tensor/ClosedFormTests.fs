namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// Values that are known without our code, so that the reference itself is tested; on every engine.
type ClosedFormTests() =
    static let float64s (values: float list) =
        Tensor.ofFloat64s [ values.Length ] (List.toArray values)

    static let image height width (values: float list) =
        Tensor.ofFloat64s [ 1; 1; height; width ] (List.toArray values)

    static let nine = image 3 3 [ 1.0 .. 9.0 ]

    /// Evaluates `f` on each engine.
    static let gives tolerance (expected: float list) (f: unit -> Tensor) =
        for name, engine in TestEngines.all do
            let found = TestEngines.run engine (TestEngines.trace [] (fun _ -> [ f () ])) []
            Close.check name tolerance (List.toArray expected) (Storage.toFloat64 found.Head)

    /// Values of a function at points, to 14 digits relative to 1.
    static let maps (f: Tensor -> Tensor) (pairs: (float * float) list) =
        gives 1e-14 (List.map snd pairs) (fun () -> f (float64s (List.map fst pairs)))

    [<Fact>]
    member _.``erf``() =
        maps
            Tensor.erf
            [
                0.0, 0.0
                0.5, 0.5204998778130465
                1.0, 0.8427007929497149
                2.0, 0.9953222650189527
                3.0, 0.9999779095030014
                7.0, 1.0
                -1.0, -0.8427007929497149
                infinity, 1.0
            ]

        maps (fun x -> Tensor.erf x * 1e10) [ 1e-10, 1.1283791670955126 ]

    [<Fact>]
    member _.``log1p and expm1 keep digits near 0``() =
        maps (fun x -> Tensor.log1p x * 1e10) [ 1e-10, 0.99999999995; -1e-10, -1.00000000005 ]
        maps Tensor.log1p [ -0.5, -0.6931471805599453; 0.0, 0.0; infinity, infinity ]
        maps (fun x -> Tensor.expm1 x * 1e10) [ 1e-10, 1.00000000005; -1e-10, -0.99999999995 ]
        maps Tensor.expm1 [ 1.0, 1.718281828459045; -50.0, -1.0; -infinity, -1.0; infinity, infinity ]

    [<Fact>]
    member _.``sigmoid and softplus do not overflow``() =
        maps Tensor.sigmoid [ 0.0, 0.5; 1.0, 0.7310585786300049; -800.0, 0.0; 800.0, 1.0; -infinity, 0.0 ]
        maps Tensor.softplus [ 0.0, 0.6931471805599453; 800.0, 800.0; -800.0, 0.0; infinity, infinity ]
        maps (fun x -> Tensor.softplus x * 1e17) [ -40.0, 0.4248354255291589 ]
        maps Tensor.logSigmoid [ -800.0, -800.0; 0.0, -0.6931471805599453 ]

    [<Fact>]
    member _.``trigonometric and hyperbolic functions``() =
        maps Tensor.tanh [ 0.5, 0.46211715726000975; -800.0, -1.0 ]
        maps Tensor.sinh [ 1.0, 1.1752011936438014; -1.0, -1.1752011936438014 ]
        maps (fun x -> Tensor.sinh x * 1e10) [ 1e-10, 1.0 ]
        maps Tensor.cosh [ 1.0, 1.5430806348152437; -1.0, 1.5430806348152437 ]
        maps Tensor.atan [ 1.0, Math.PI / 4.0; -infinity, -Math.PI / 2.0 ]
        maps Tensor.tan [ 1.0, 1.5574077246549023 ]

        gives 1e-15 [ 0.75 * Math.PI; -0.75 * Math.PI; Math.PI / 2.0 ] (fun () ->
            Tensor.atan2 (float64s [ 1.0; -1.0; 2.0 ]) (float64s [ -1.0; -1.0; 0.0 ]))

    [<Fact>]
    member _.``rounding goes to even halves, the remainder has the sign of the divisor``() =
        maps Tensor.round [ 0.5, 0.0; 1.5, 2.0; 2.5, 2.0; -1.5, -2.0; 2.4, 2.0 ]
        maps Tensor.floor [ -1.5, -2.0; 1.5, 1.0 ]
        maps Tensor.ceil [ -1.5, -1.0; 1.5, 2.0 ]
        maps Tensor.sign [ -3.0, -1.0; 0.0, 0.0; nan, nan ]

        for dtype in [ Float64; Float32; Int32 ] do
            gives 0.0 [ 2.0; -2.0; 1.0; -1.0 ] (fun () ->
                let dividends = Tensor.ofValues dtype [ 4 ] [| -7.0; 7.0; 7.0; -7.0 |]
                let divisors = Tensor.ofValues dtype [ 4 ] [| 3.0; -3.0; 3.0; -3.0 |]
                dividends % divisors)

    [<Fact>]
    member _.``casts to int32 cut toward zero and stop at the ends``() =
        maps (Tensor.cast Int32) [ 2.9, 2.0; -2.9, -2.0; nan, 0.0; 1e20, 2147483647.0; -infinity, -2147483648.0 ]

    [<Fact>]
    member _.``casts to float32 round``() =
        gives 0.0 [ float 0.1f; 16777216.0 ] (fun () -> float64s [ 0.1; 16777217.0 ] |> Tensor.cast Float32 |> Tensor.cast Float64)

    [<Fact>]
    member _.``int32 wraps around``() =
        let largest = Tensor.ofInt32s [ 2 ] [| Int32.MaxValue; Int32.MaxValue |]
        let others = Tensor.ofInt32s [ 2 ] [| 1; Int32.MaxValue |]
        gives 0.0 [ -2147483648.0; -2.0 ] (fun () -> largest + others)
        gives 0.0 [ 2147483647.0; 1.0 ] (fun () -> largest * others)
        let constant = Tensor.full DType.Int32 [ 1 ] 2147483647.0
        gives 0.0 [ 1.0 ] (fun () -> constant * constant)

    [<Fact>]
    member _.``NaN passes through maximum, minimum, clamp and max``() =
        maps (fun x -> Tensor.maximum x (Tensor.zerosLike x)) [ nan, nan; -1.0, 0.0 ]
        maps (fun x -> Tensor.minimum (Tensor.zerosLike x) x) [ nan, nan; -1.0, -1.0 ]
        maps (Tensor.clamp -1.0 1.0) [ nan, nan; 3.0, 1.0 ]
        gives 0.0 [ nan ] (fun () -> Tensor.max (float64s [ 1.0; nan; 2.0 ]))
        gives 0.0 [ 1.0 ] (fun () -> Tensor.argmax 0 (float64s [ 1.0; nan; 2.0 ]))

    [<Fact>]
    member _.``the first NaN wins a pool, as it wins a maximum``() =
        gives 0.0 [ nan; nan; 3.0 ] (fun () -> Tensor.maxPool2d (1, 2) ConvOptions.defaults (image 1 4 [ 1.0; nan; 3.0; 2.0 ]))
        gives 0.0 [ nan; nan; 3.0 ] (fun () -> Tensor.maxPool2d (1, 2) ConvOptions.defaults (image 1 4 [ nan; nan; 1.0; 3.0 ]))

    [<Fact>]
    member _.``comparisons give 1 and 0``() =
        let a, b = float64s [ 1.0; 2.0; nan ], float64s [ 2.0; 2.0; nan ]
        gives 0.0 [ 0.0; 1.0; 0.0 ] (fun () -> Tensor.eq a b)
        gives 0.0 [ 1.0; 0.0; 1.0 ] (fun () -> Tensor.ne a b)
        gives 0.0 [ 1.0; 0.0; 0.0 ] (fun () -> Tensor.lt a b)
        gives 0.0 [ 1.0; 1.0; 0.0 ] (fun () -> Tensor.le a b)
        gives 0.0 [ 0.0; 1.0; 0.0 ] (fun () -> Tensor.ge a b)
        gives 0.0 [ 5.0; 2.0; 5.0 ] (fun () -> Tensor.where (Tensor.lt a b + Tensor.ne a b) (Tensor.full Float64 [] 5.0) a)

    [<Fact>]
    member _.``0 and minus 0 are different numbers``() =
        gives 0.0 [ infinity ] (fun () -> Tensor.reciprocal (Tensor.full Float64 [ 1 ] 0.0))
        gives 0.0 [ -infinity ] (fun () -> Tensor.reciprocal (Tensor.full Float64 [ 1 ] -0.0))

        // The second must not find what was prepared for the first.
        Assert.Equal(infinity, (Tensor.reciprocal (Tensor.full Float64 [] 0.0)).ToScalar())
        Assert.Equal(-infinity, (Tensor.reciprocal (Tensor.full Float64 [] -0.0)).ToScalar())

    [<Fact>]
    member _.``products of matrices``() =
        let a = Tensor.ofFloat64s [ 2; 2 ] [| 1.0; 2.0; 3.0; 4.0 |]
        let b = Tensor.ofFloat64s [ 2; 2 ] [| 5.0; 6.0; 7.0; 8.0 |]
        gives 0.0 [ 19.0; 22.0; 43.0; 50.0 ] (fun () -> Tensor.matmul a b)
        gives 0.0 [ 17.0; 39.0 ] (fun () -> Tensor.mv a (float64s [ 5.0; 6.0 ]))
        gives 0.0 [ 39.0 ] (fun () -> Tensor.dot (float64s [ 3.0; 4.0 ]) (float64s [ 5.0; 6.0 ]))
        gives 0.0 [ 15.0; 18.0; 20.0; 24.0 ] (fun () -> Tensor.outer (float64s [ 3.0; 4.0 ]) (float64s [ 5.0; 6.0 ]))

    [<Fact>]
    member _.``convolutions, worked by hand``() =
        let weights = image 2 2 [ 1.0; 2.0; 3.0; 4.0 ]
        let plain = ConvOptions.defaults

        let conv options =
            fun () -> Tensor.conv2d options weights nine

        gives 0.0 [ 37.0; 47.0; 67.0; 77.0 ] (conv plain)
        gives 0.0 [ 4.0; 18.0; 36.0; 77.0 ] (conv (plain |> ConvOptions.padded 1 |> ConvOptions.strided 2))
        gives 0.0 [ 64.0 ] (conv { plain with Dilation = 2, 2 })

        gives 0.0 [ 30.0; 500.0 ] (fun () ->
            Tensor.conv2d
                { plain with Groups = 2 }
                (Tensor.ofFloat64s [ 2; 1; 1; 1 ] [| 10.0; 100.0 |])
                (Tensor.ofFloat64s [ 1; 2; 1; 1 ] [| 3.0; 5.0 |]))

    [<Fact>]
    member _.``transposed convolutions, worked by hand``() =
        let weights = image 2 2 [ 1.0; 10.0; 100.0; 1000.0 ]
        let four = image 2 2 [ 1.0; 2.0; 3.0; 4.0 ]
        let plain = ConvOptions.defaults

        gives 0.0 [ 1.0; 12.0; 20.0; 103.0; 1234.0; 2040.0; 300.0; 3400.0; 4000.0 ] (fun () ->
            Tensor.convTranspose2d plain (0, 0) weights four)

        gives
            0.0
            ([ 1; 10; 2; 20; 100; 1000; 200; 2000; 3; 30; 4; 40; 300; 3000; 400; 4000 ]
             |> List.map float)
            (fun () -> Tensor.convTranspose2d (ConvOptions.strided 2 plain) (0, 0) weights four)

    [<Fact>]
    member _.``pools: padding never wins a maximum and counts as 0 in a mean``() =
        let plain = ConvOptions.defaults
        gives 0.0 [ 5.0; 6.0; 8.0; 9.0 ] (fun () -> Tensor.maxPool2d (2, 2) plain nine)
        gives 0.0 [ 3.0; 4.0; 6.0; 7.0 ] (fun () -> Tensor.avgPool2d (2, 2) plain nine)
        let padded = ConvOptions.padded 1 plain
        gives 0.0 (List.replicate 4 -1.0) (fun () -> Tensor.maxPool2d (2, 2) padded (image 1 1 [ -1.0 ]))

        gives 0.0 [ 1.0; 2.0; 1.0; 2.0; 4.0; 2.0; 1.0; 2.0; 1.0 ] (fun () ->
            Tensor.avgPool2d (2, 2) padded (image 2 2 [ 4.0; 4.0; 4.0; 4.0 ]))

    [<Fact>]
    member _.``rows by index``() =
        let table = Tensor.ofFloat64s [ 3; 2 ] [| 1.0; 2.0; 3.0; 4.0; 5.0; 6.0 |]
        let indices = Tensor.ofInt32s [ 3 ] [| 2; 0; 2 |]
        gives 0.0 [ 5.0; 6.0; 1.0; 2.0; 5.0; 6.0 ] (fun () -> Tensor.gatherRows indices table)
        gives 0.0 [ 3.0; 4.0; 0.0; 0.0; 6.0; 8.0 ] (fun () -> Tensor.scatterRows 3 indices table)
        gives 0.0 [ 0.0; 0.0; 1.0; 1.0; 0.0; 0.0; 0.0; 0.0; 1.0 ] (fun () -> Tensor.oneHot Float64 3 indices)
        gives 0.0 [ 0.0; 0.0 ] (fun () -> Tensor.oneHot Float64 2 (Tensor.ofInt32s [ 1 ] [| 9 |]))

    [<Fact>]
    member _.``movement``() =
        let x = Tensor.ofFloat64s [ 2; 3 ] [| 1.0 .. 6.0 |]
        gives 0.0 [ 1.0; 4.0; 2.0; 5.0; 3.0; 6.0 ] (fun () -> Tensor.transpose x)
        gives 0.0 [ 3.0; 2.0; 1.0; 6.0; 5.0; 4.0 ] (fun () -> Tensor.flip 1 x)
        gives 0.0 [ 1.0; 3.0; 4.0; 6.0 ] (fun () -> Tensor.sliceStep 1 0 2 2 x)
        gives 0.0 [ 0.0; 2.0; 0.0; 5.0 ] (fun () -> x |> Tensor.slice 1 1 1 |> Tensor.pad [ 0, 0; 1, 0 ])
        gives 0.0 [ 1.0; 2.0; 3.0; 9.0; 4.0; 5.0; 6.0; 9.0 ] (fun () -> Tensor.concatenate 1 [ x; Tensor.full Float64 [ 2; 1 ] 9.0 ])
        gives 0.0 [ 1.0; 4.0; 2.0; 5.0; 3.0; 6.0 ] (fun () -> Tensor.stack 1 [ Tensor.at 0 0 x; Tensor.at 0 1 x ])
        gives 0.0 [ 1.0; 0.0; 0.0; 1.0 ] (fun () -> Tensor.eye Float64 2)
        gives 1e-7 [ -1.0; -0.5; 0.0 ] (fun () -> Tensor.linspace -1.0 0.0 3)

    [<Fact>]
    member _.``reductions``() =
        let x = float64s [ 1.0; 2.0; 3.0; 4.0 ]
        gives 0.0 [ 1.25 ] (fun () -> Tensor.variance x)
        gives 0.0 [ 2.5 ] (fun () -> Tensor.mean x)
        gives 0.0 [ 1.0 ] (fun () -> Tensor.argmax 0 (float64s [ 1.0; 3.0; 3.0 ]))
        gives 0.0 [ 0.0 ] (fun () -> Tensor.argmin 0 (float64s [ 1.0; 3.0; 1.0 ]))
        gives 0.0 [ 0.0; 0.0 ] (fun () -> Tensor.sumOver [ 1 ] (Tensor.zeros Float64 [ 2; 0 ]))
        gives 0.0 [ nan ] (fun () -> Tensor.mean (Tensor.zeros Float64 [ 0 ]))
        gives 1e-15 [ 1000.0 + log 2.0 ] (fun () -> Tensor.logSumExp (float64s [ 1000.0; 1000.0 ]))
        gives 0.0 [ -infinity ] (fun () -> Tensor.logSumExp (float64s [ -infinity; -infinity ]))
        gives 0.0 [ infinity ] (fun () -> Tensor.logSumExp (float64s [ infinity; 0.0 ]))
        gives 1e-15 [ 0.25; 0.75 ] (fun () -> Tensor.softmax 0 (float64s [ 0.0; log 3.0 ]))
        gives 1e-15 [ 0.0; 1.0; 0.0 ] (fun () -> Tensor.softmax 0 (float64s [ -1000.0; 1000.0; -infinity ]))

    [<Fact>]
    member _.``numbers go in and come out unchanged``() =
        let values = [| 1.5f; -2.25f; 3.0f |]
        let x = Tensor.ofFloat32s [ 3 ] values
        values[0] <- 9.0f
        Assert.Equal<float32[]>([| 1.5f; -2.25f; 3.0f |], x.ToFloat32s())
        Assert.Equal<int[]>([| 1; -2; 3 |], x.ToInt32s())
        Assert.Equal<int[]>([| 7; 8 |], (Tensor.ofInt32s [ 2; 1 ] [| 7; 8 |]).ToInt32s())
        Assert.Equal<float[]>([| 1.0; 2.0 |], (Tensor.vector [ 1.0; 2.0 ]).ToFloat64s())
        Assert.Equal<int[]>([| 2; 1 |], (Tensor.matrix [ [ 1.0 ]; [ 2.0 ] ]).Shape)
        Assert.Equal<float[]>([| 0.1 |], (Tensor.ofValues Float64 [ 1 ] [| 0.1 |]).ToFloat64s())
        Assert.Equal(0.25, (Tensor.scalar 0.25).ToScalar())
        x.Shape[0] <- 7
        Assert.Equal<int[]>([| 3 |], x.Shape)
        Assert.Equal("float32 [3] {1.5; -2.25; 3}", string x)
