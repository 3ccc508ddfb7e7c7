namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

type Affine =
    {
        Scale: Tensor
        Shift: Tensor
        Labels: Tensor
        Running: Carried
    }

/// What derivatives are, beyond single operations: nesting, trees, numbers looked at on the way, and what is refused.
type NestingTests() =
    static let scalar (x: float) = Tensor.full Float64 [] x

    static let vector (x: float list) =
        Tensor.ofFloat64s [ x.Length ] (List.toArray x)

    static let at (x: float) (f: Tensor -> Tensor) = (f (scalar x)).ToScalar()

    static let near (expected: float) (found: float) =
        Close.check "derivative" 1e-12 [| expected |] [| found |]

    [<Fact>]
    member _.``inner and outer derivatives are not confused``() =
        // d/dx (x · d/dy (x + y)) = 1, not 2.
        let inner x = grad (fun y -> x + y) (scalar 3.0)

        near 1.0 (at 2.0 (grad (fun x -> x * inner x)))

        let pushed x =
            snd (jvp (fun y -> x + y) (scalar 3.0) (scalar 1.0))

        near 1.0 ((snd (jvp (fun x -> x * pushed x) (scalar 2.0) (scalar 1.0))).ToScalar())
        near 1.0 (at 2.0 (grad (fun x -> x * pushed x)))
        // d/dx (x · d/dy (x·y²) at y = x) = d/dx 2x³ = 6x²
        near 24.0 (at 2.0 (grad (fun x -> x * grad (fun y -> x * y * y) x)))

    [<Fact>]
    member _.``a product with a sigmoid is gated only by a sigmoid of the same number``() =
        let sigmoid x = 1.0 / (1.0 + exp -x)
        // Its numbers were looked at, so it has let go of what it came from.
        let known = Tensor.sigmoid (scalar 0.3)
        near (sigmoid 0.3) (known.ToScalar())
        near (sigmoid 0.3) (at 2.0 (grad (fun x -> x * known)))

        let slope x =
            sigmoid x + x * sigmoid x * (1.0 - sigmoid x)

        near (slope 2.0) (at 2.0 (grad (fun x -> x * Tensor.sigmoid x)))

        let lookedAt (x: Tensor) =
            let gate = Tensor.sigmoid x
            near (sigmoid 2.0) (gate.ToScalar())
            x * gate

        near (slope 2.0) (at 2.0 (grad lookedAt))

        // By the gate alone, the other factor held still.
        near (2.0 * sigmoid 0.5 * (1.0 - sigmoid 0.5)) (at 0.5 (grad (fun y -> scalar 2.0 * Tensor.sigmoid y)))

    [<Fact>]
    member _.``derivatives nest to any depth``() =
        near 48.0 (at 2.0 (grad (grad (grad (fun x -> x * x * x * x)))))
        near (cos 0.7) (at 0.7 (grad (grad (grad (grad (grad sin))))))
        near (8.0 * exp 1.4) (at 0.7 (grad (grad (grad (fun x -> exp (x * 2.0))))))
        let forward f x = snd (jvp f x (Tensor.onesLike x))
        near (-cos 0.7) (at 0.7 (forward (forward (forward sin))))
        near (-sin 0.7) (at 0.7 (grad (forward sin)))
        near (-sin 0.7) (at 0.7 (forward (grad sin)))
        near 24.0 (at 0.0 (grad (grad (grad (grad (fun x -> Tensor.pow x 4.0))))))

    [<Fact>]
    member _.``jacobian of a linear map is its matrix, hessian of a quadratic form is its symmetric part twice``() =
        let a = Tensor.ofFloat64s [ 2; 3 ] [| 1.0; 2.0; 3.0; 4.0; 5.0; 6.0 |]
        let x = vector [ 0.3; -0.2; 0.5 ]
        Assert.Equal<float[]>(a.ToFloat64s(), (jacobian (Tensor.mv a) x).ToFloat64s())
        let q = Tensor.ofFloat64s [ 3; 3 ] [| 1.0; 2.0; 3.0; 4.0; 5.0; 6.0; 7.0; 8.0; 9.0 |]
        let form x = Tensor.dot x (Tensor.mv q x)
        let symmetric = q + Tensor.transpose q
        Close.tensor 1e-13 (List.ofArray (symmetric.ToFloat64s())) (hessian form x)
        let v = vector [ 1.0; -1.0; 2.0 ]
        Close.tensor 1e-13 (List.ofArray ((Tensor.mv symmetric v).ToFloat64s())) (hvp form x v)

    [<Fact>]
    member _.``jacobians have the result's axes before the argument's``() =
        let x = Tensor.ofFloat64s [ 2; 3 ] [| 1.0 .. 6.0 |]
        let j = jacobian Tensor.transpose x
        Assert.Equal<int[]>([| 3; 2; 2; 3 |], j.Shape)
        Assert.Equal(6.0, (Tensor.sum j).ToScalar())
        Assert.Equal<int[]>([| 0; 3 |], (jacobian (Tensor.slice 0 0 0) (vector [ 1.0; 2.0; 3.0 ])).Shape)

    [<Fact>]
    member _.``numbers may be looked at inside a derivative``() =
        let f (x: Tensor) =
            if x.ToScalar() > 0.0 then x * x * x else -x

        near 12.0 (at 2.0 (grad f))
        near -1.0 (at -2.0 (grad f))
        near 12.0 (at 2.0 (grad (grad f)))

        let looking (x: Tensor) =
            let y = exp x
            y.ToScalar() |> ignore
            let z = y * y
            z.ToScalar() |> ignore
            z * x

        near (3.0 * exp 2.0) (at 1.0 (grad looking))
        near (8.0 * exp 2.0) (at 1.0 (grad (grad looking)))

        let newton (a: Tensor) =
            let mutable x = a

            while abs ((x * x - a).ToScalar()) > 1e-14 do
                x <- 0.5 * (x + a / x)

            x

        // √a by iteration until the numbers agree; its derivative is 1/(2√a).
        Close.check "newton" 1e-7 [| 0.25 |] [| at 4.0 (grad newton) |]

    [<Fact>]
    member _.``a pullback works at any time and any number of times``() =
        let y, pullback = vjp (fun (x: Tensor) -> x * x) (scalar 3.0)
        near 9.0 (y.ToScalar())
        GC.Collect()
        near 6.0 ((pullback (scalar 1.0)).ToScalar())
        near 12.0 ((pullback (scalar 2.0)).ToScalar())
        near 2.0 ((grad (fun t -> pullback (t * t)) (scalar 1.0 / 6.0)).ToScalar())

    [<Fact>]
    member _.``a pullback outlives the derivative it was made in``() =
        let inner (x: Tensor) =
            let y, pullback = vjp (fun z -> exp (z * x)) x
            y.ToScalar() |> ignore
            y, (y, pullback)

        let (y, (sameY, pullback)), _ = valueAndGradWith inner (scalar 0.5)
        near (exp 0.25) (y.ToScalar())
        near (exp 0.25) (sameY.ToScalar())
        near (0.5 * exp 0.25) ((pullback (scalar 1.0)).ToScalar())

    [<Fact>]
    member _.``stopGradient is a constant``() =
        near 3.0 (at 3.0 (grad (fun x -> x * Tensor.stopGradient x)))
        near 0.0 (at 3.0 (grad (fun x -> Tensor.stopGradient (x * x))))
        near 9.0 (at 3.0 (fun x -> fst (valueAndGrad (fun x -> x * Tensor.stopGradient x) x)))
        let tree = stopGradient (scalar 1.0, [ scalar 2.0 ])
        near 2.0 ((snd tree).Head.ToScalar())

    [<Fact>]
    member _.``gradients of trees are trees; what is not trained has gradient 0``() =
        let model =
            {
                Scale = vector [ 2.0; 3.0 ]
                Shift = scalar 1.0
                Labels = Tensor.ofInt32s [ 2 ] [| 1; 0 |]
                Running = { Carried = scalar 7.0 }
            }

        let loss m =
            Tensor.sum (
                Tensor.square m.Scale * m.Running.Carried
                + m.Shift * Tensor.cast Float64 m.Labels
            )

        let value, gradient = valueAndGrad loss model
        near 92.0 (value.ToScalar())
        Close.tensor 0.0 [ 28.0; 42.0 ] gradient.Scale
        Close.tensor 0.0 [ 1.0 ] gradient.Shift
        Close.tensor 0.0 [ 0.0; 0.0 ] gradient.Labels
        Close.tensor 0.0 [ 0.0 ] gradient.Running.Carried

    [<Fact>]
    member _.``a result that does not depend on the argument has gradient 0, the argument itself 1``() =
        near 0.0 (at 3.0 (grad (fun _ -> scalar 5.0)))
        near 1.0 (at 3.0 (grad id))
        let _, tangent = jvp (fun (_: Tensor) -> scalar 5.0) (scalar 3.0) (scalar 1.0)
        near 0.0 (tangent.ToScalar())
        let x = scalar 3.0
        let first, second = grad (fun (a: Tensor, b: Tensor) -> a * a * b) (x, x)
        near 18.0 (first.ToScalar())
        near 9.0 (second.ToScalar())

    [<Fact>]
    member _.``valueAndGradWith gives what else the function returned``() =
        let (value, (half: Tensor, name)), gradient =
            valueAndGradWith (fun (x: Tensor) -> x * x, (x * 0.5, "aux")) (scalar 3.0)

        near 9.0 (value.ToScalar())
        near 1.5 (half.ToScalar())
        near 6.0 (gradient.ToScalar())
        Assert.Equal("aux", name)

    [<Fact>]
    member _.``derivatives of constant powers at 0 are finite``() =
        near 0.0 (at 0.0 (grad (fun x -> Tensor.pow x 2.0)))
        near 1.0 (at 0.0 (grad (fun x -> Tensor.pow x 1.0)))
        near 0.0 (at 0.0 (grad (fun x -> Tensor.pow x 0.0)))
        near 2.0 (at 0.0 (grad (grad (fun x -> Tensor.pow x 2.0))))

    [<Fact>]
    member _.``a function of two arguments has its gradient along the first``() =
        let energy (w: Tensor) x = Tensor.sum (w * x * x)
        let w, x = vector [ 1.0; 2.0 ], vector [ 3.0; 4.0 ]
        Assert.Equal<float[]>([| 9.0; 16.0 |], (grad energy w x).ToFloat64s())
        Assert.Equal<float[]>([| 6.0; 16.0 |], (grad (energy w) x).ToFloat64s())

    [<Fact>]
    member _.``what is no scalar, or does not fit, is refused``() =
        let refused (message: string) (f: unit -> 'a) =
            Assert.Equal(message, (throws<ShapeException>(f >> ignore)).Message)

        refused
            "grad: found a function whose value is float64 [2], expected a float scalar; reduce it, as in Tensor.sum, or use vjp or jacobian."
            (fun () -> grad id (vector [ 1.0; 2.0 ]))

        refused
            "grad: found a function whose value is int32 [], expected a float scalar; reduce it, as in Tensor.sum, or use vjp or jacobian."
            (fun () -> grad (Tensor.cast Int32) (scalar 1.0))

        refused "vjp: found float64 [3] beside float64 [2], expected the same shape and element type." (fun () ->
            snd (vjp id (vector [ 1.0; 2.0 ])) (vector [ 1.0; 2.0; 3.0 ]))

        refused "jvp: found float32 [] beside float64 [], expected the same shape and element type." (fun () ->
            jvp id (scalar 1.0) (Tensor.scalar 1.0))
