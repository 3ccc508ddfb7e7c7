namespace Functional.Core.Tests

open System
open System.Threading.Tasks
open Functional.Core
open Functional.Core.Engines
open Xunit

/// Functions made into programs: when they are made, what may happen inside, and who may call them.
type CompiledTests() =
    static let cpu = Engines.defaultEngine.Value
    static let vector (values: float list) = Tensor.vector values

    /// How many programs `run` has an engine prepare.
    static let prepared run =
        let recorder = Recorder cpu
        run recorder.Engine
        recorder.Programs.Length

    [<Fact>]
    member _.``only the first step compiles; another batch size compiles once more``() =
        let recorder = Recorder cpu
        let step = compileStepOn recorder.Engine VaeStep.step
        let mutable state = VaeStep.initial Float32

        let train rows salt =
            let x = VaeStep.rows Float32 rows * (1.0 / float salt)

            state <-
                fst (
                    step
                        { state with
                            Key = Key.ofSeed (int64 salt)
                        }
                        x
                )

            state.Optimizer.Step.ToInt32s()[0]

        Assert.Equal(1, train 10 1)
        Assert.Equal(1, recorder.Programs.Length)

        for i in 2..6 do
            Assert.Equal(i, train 10 i)

        Assert.Equal(1, recorder.Programs.Length)
        train 7 7 |> ignore
        Assert.Equal(2, recorder.Programs.Length)
        train 10 8 |> ignore
        train 7 9 |> ignore
        Assert.Equal(2, recorder.Programs.Length)

    [<Fact>]
    member _.``rates that change with the step compile nothing``() =
        let optimizer =
            { Optimizer.adam 0.1 with
                Schedule = Cosine(10, 0.1)
            }

        let calls =
            prepared (fun engine ->
                let step =
                    compileStepOn engine (fun (w, state) (x: Tensor) ->
                        let loss, gradient = valueAndGrad (fun w -> Tensor.sum (Tensor.square (w - x))) w
                        Optimizer.update optimizer gradient state w, loss)

                let w = vector [ 1.0; 2.0 ]
                let mutable state = w, Optimizer.init optimizer w

                for i in 1..12 do
                    let w, memory = fst (step state (vector [ float i; 0.0 ]))

                    state <-
                        w,
                        { memory with
                            RateFactor = Tensor.full Float64 [] (1.0 / float i)
                        })

        Assert.Equal(1, calls)

    [<Fact>]
    member _.``whatever is not a tensor is part of the program``() =
        let calls =
            prepared (fun engine ->
                let scale =
                    compileOn engine (fun (factor: float, name: string, x: Tensor) -> name, factor * x)

                for factor, name in [ 2.0, "a"; 3.0, "a"; 2.0, "a"; 3.0, "b"; 3.0, "a" ] do
                    let found, y = scale (factor, name, vector [ 1.0; 10.0 ])
                    Assert.Equal(name, found)
                    Close.tensor 0.0 [ factor; 10.0 * factor ] y)

        Assert.Equal(3, calls)

    [<Fact>]
    member _.``types and shapes are part of the program``() =
        let calls =
            prepared (fun engine ->
                let square = compileOn engine Tensor.square

                for x in
                    [
                        vector [ 1.0; 2.0 ]
                        vector [ 3.0; 4.0 ]
                        Tensor.reshape [ 2; 1 ] (vector [ 1.0; 2.0 ])
                        Tensor.ofFloat64s [ 2 ] [| 1.0; 2.0 |]
                    ] do
                    let y = square x
                    Assert.Equal(x.DType, y.DType)
                    Assert.Equal<int[]>(x.Shape, y.Shape)
                    Assert.Equal<float[]>(x.ToFloat64s() |> Array.map (fun x -> x * x), y.ToFloat64s()))

        Assert.Equal(3, calls)

    [<Fact>]
    member _.``a function for each engine is made once for each that asks``() =
        let twice = compileForEach (fun (x: Tensor) -> x + x)
        let first, second = Recorder cpu, Recorder Reference.engine
        let engines = [ first.Engine; second.Engine ]

        for engine in engines @ engines do
            Close.tensor 0.0 [ 2.0; 6.0 ] (twice engine (vector [ 1.0; 3.0 ]))

        Assert.Equal((1, 1), (first.Programs.Length, second.Programs.Length))

    [<Fact>]
    member _.``looking at numbers inside is a clear error``() =
        let looks: (Tensor -> Tensor) list =
            [
                (fun x -> if x.ToScalar() > 0.0 then x else -x)
                (fun x -> Tensor.vector (x.ToFloat64s()))
                (fun x -> if (Tensor.exp x).ToInt32s()[0] = 0 then x else x)
            ]

        for look in looks do
            let error =
                throws<InvalidOperationException>(fun () -> compile look (Tensor.scalar 1.0) |> ignore)

            Assert.Contains("reading a tensor's numbers", error.Message)
            Assert.Contains("choose with Tensor.where instead of if", error.Message)

    [<Fact>]
    member _.``numbers that do not depend on the argument may be looked at``() =
        let held = vector [ 1.0; 2.0 ]

        let f =
            compile (fun (x: Tensor) -> x * (Tensor.sum held).ToScalar() + Tensor.exp (held * 0.0))

        Close.tensor 0.0 [ 4.0; 7.0 ] (f held)
        Close.tensor 0.0 [ 4.0; 7.0 ] (f held)

    [<Fact>]
    member _.``a compiled function inside grad is differentiated``() =
        let cube = compile (fun (x: Tensor) -> x * x * x)
        let x = vector [ 1.0; -2.0 ]
        Close.tensor 1e-6 [ 1.0; -8.0 ] (cube x)
        Close.tensor 1e-6 [ 3.0; 12.0 ] (grad (cube >> Tensor.sum) x)
        Close.tensor 1e-6 [ 6.0; -12.0 ] (grad (grad (cube >> Tensor.sum) >> Tensor.sum) x)

    [<Fact>]
    member _.``grad inside a compiled function is one program``() =
        let calls =
            prepared (fun engine ->
                let slope = compileOn engine (grad (fun (x: Tensor) -> Tensor.sum (x * x * x)))
                Close.tensor 1e-6 [ 3.0; 12.0 ] (slope (vector [ 1.0; -2.0 ]))
                Close.tensor 1e-6 [ 27.0; 0.0 ] (slope (vector [ 3.0; 0.0 ])))

        Assert.Equal(1, calls)

    [<Fact>]
    member _.``a compiled function inside another is part of it``() =
        let inner = Recorder cpu
        let square = compileOn inner.Engine Tensor.square
        let outer = compile (fun x -> square x + 1.0)
        Close.tensor 0.0 [ 2.0; 5.0 ] (outer (vector [ 1.0; 2.0 ]))
        Assert.Empty inner.Programs

    [<Fact>]
    member _.``a held variable of grad keeps its derivative``() =
        let x = vector [ 2.0; 5.0 ]
        let loss (w: Tensor) = Tensor.sum (compile (fun x -> w * x) x)
        Close.tensor 0.0 [ 2.0; 5.0 ] (grad loss (vector [ 1.0; 1.0 ]))

    [<Fact>]
    member _.``a held argument of an outer function stays one``() =
        let x = vector [ 2.0; 5.0 ]
        let outer = compile (fun (w: Tensor) -> compile (fun x -> w * x) x)
        Close.tensor 0.0 [ 2.0; 10.0 ] (outer (vector [ 1.0; 2.0 ]))
        Close.tensor 0.0 [ 6.0; 5.0 ] (outer (vector [ 3.0; 1.0 ]))

    [<Fact>]
    member _.``eight threads may call one function at once``() =
        let f =
            compile (fun (key, x) -> Tensor.sumOver [ 1 ] (Tensor.matmul x (Tensor.transpose x) + Sample.normal key Float32 [ 40; 40 ]))

        let argument i =
            Key.ofSeed (int64 i), Tensor.full Float32 [ 40; 30 ] (float i)

        let expected = Array.init 64 (fun i -> (f (argument i)).ToFloat64s())
        let fresh = compile (fun (key, x) -> f (key, x))
        let found = Array.zeroCreate expected.Length

        let work i =
            found[i] <- (fresh (argument i)).ToFloat64s()

        Parallel.For(0, found.Length, ParallelOptions(MaxDegreeOfParallelism = 8), work)
        |> ignore

        Assert.Equal<float[][]>(expected, found)

    [<Fact>]
    member _.``eight threads may each fold their own state``() =
        let step =
            compileStep (fun (state: Tensor) (x: Tensor) -> state * 0.5 + x, Tensor.sum state)

        let fold seed =
            let mutable state = Tensor.full Float32 [ 1000 ] (float seed)

            for i in 1..50 do
                state <- fst (step state (Tensor.full Float32 [ 1000 ] (float (seed + i))))

            state.ToFloat64s()

        let expected = Array.init 8 fold
        let found = Array.zeroCreate 8
        let threads = Array.init 8 (fun i -> Threading.Thread(fun () -> found[i] <- fold i))
        threads |> Array.iter _.Start()
        threads |> Array.iter _.Join()
        Assert.Equal<float[][]>(expected, found)
