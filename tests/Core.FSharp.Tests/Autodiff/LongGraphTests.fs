namespace Functional.Core.Tests

open System
open System.Runtime.CompilerServices
open Functional.Core
open Functional.Core.Graph
open Xunit

/// Graphs that are deep, shared or built by long loops: no recursion, no blow-up, no leak.
type LongGraphTests() =
    static let scalar (x: float) = Tensor.full Float64 [] x

    static let length = 50_000

    /// x, then sin x, then sin (sin x), …
    static let chain f (x: Tensor) =
        let mutable y = x

        for _ in 1..length do
            y <- f y

        y

    static let reachable (x: Tensor) =
        (Walk.topological (fun _ -> true) [ x.Node ]).Count

    /// Runs a loop whose every step makes a tensor; gives how many of those tensors' nodes are still alive at the end, the last included.
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    static let survivors steps (step: Tensor -> Tensor) =
        let mutable x = Tensor.ofFloat64s [ 3 ] [| 0.1; 0.2; 0.3 |]
        let made = ResizeArray<WeakReference>()

        for _ in 1..steps do
            x <- step x
            made.Add(WeakReference x.Node)

        x.ToFloat64s() |> ignore
        GC.Collect()
        GC.WaitForPendingFinalizers()
        GC.Collect()
        let alive = made |> Seq.filter _.IsAlive |> Seq.length
        GC.KeepAlive x
        alive

    [<Fact>]
    member _.``a chain of 50,000 operations has a value``() =
        Assert.Equal(float length, (chain (fun x -> x + 1.0) (scalar 0.0)).ToScalar())

    [<Fact>]
    member _.``a chain of 50,000 operations has a derivative, both ways``() =
        let f = chain (fun x -> x * 1.0001)
        let expected = exp (float length * log 1.0001)
        Close.check "grad" 1e-9 [| expected |] [| (grad f (scalar 1.0)).ToScalar() |]
        Close.check "jvp" 1e-9 [| expected |] [| (snd (jvp f (scalar 1.0) (scalar 1.0))).ToScalar() |]
        // Through values, where each step's derivative needs the step's input.
        let product = chain sin (scalar 1.0)
        let gradient = grad (chain sin) (scalar 1.0)
        Assert.InRange(gradient.ToScalar(), 0.0, product.ToScalar())

    [<Fact>]
    member _.``a program of 50,000 operations is traced and run``() =
        let traced =
            TestEngines.trace [ Float64, [||] ] (fun x -> [ chain (fun x -> x + 1.0) x[0] ])

        for _, engine in TestEngines.all do
            let found = TestEngines.run engine traced [ Storage.ofFloat64 [| 1.0 |] ]
            Assert.Equal(float length + 1.0, (Storage.toFloat64 found.Head)[0])

    [<Fact>]
    member _.``a shared graph stays as small as it is written``() =
        let doubled x =
            Seq.fold (fun x _ -> x + x) x (seq { 1..60 })

        let expected = Math.Pow(2.0, 60.0)
        Assert.Equal(expected, (doubled (scalar 1.0)).ToScalar())
        Assert.Equal(expected, (grad doubled (scalar 1.0)).ToScalar())
        Assert.Equal(expected, (snd (jvp doubled (scalar 1.0) (scalar 1.0))).ToScalar())
        Assert.Equal(61, reachable (doubled (scalar 1.0)))

        let traced = TestEngines.trace [ Float64, [||] ] (fun x -> [ grad doubled x[0] ])
        Assert.InRange((Walk.topological (fun _ -> true) traced.Program.Outputs).Count, 1, 200)

    [<Fact>]
    member _.``a long loop keeps a short graph``() =
        let mutable x = scalar 1.0
        let mutable largest = 0

        for i in 1..5_000 do
            x <- 0.5 * (x + 1.0 / x)

            if i % 50 = 0 then
                largest <- max largest (reachable x)

        Assert.InRange(largest, 1, 2_000)

    [<Fact>]
    member _.``a loop forgets the tensors of earlier steps``() =
        Assert.InRange(survivors 2_000 (fun x -> x * 0.999 + 0.001), 1, 450)

    [<Fact>]
    member _.``a loop of gradients forgets earlier steps``() =
        let step (x: Tensor) =
            let x = x - 0.1 * grad (fun x -> Tensor.sum (x * x)) x
            x.ToFloat64s() |> ignore
            x

        Assert.InRange(survivors 300 step, 1, 3)

    [<Fact>]
    member _.``a loop of pullbacks and hessians forgets earlier steps``() =
        let step (x: Tensor) =
            let y, pullback = vjp Tensor.square x
            let h = hessian (fun x -> Tensor.sum (x * x * x)) x
            let x = x - 0.01 * pullback y - 0.01 * Tensor.sumOver [ 0 ] h
            x.ToFloat64s() |> ignore
            x

        Assert.InRange(survivors 100 step, 1, 3)
