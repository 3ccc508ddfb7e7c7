namespace Functional.Core.Tests

open System
open Functional.Core
open Functional.Core.Compile
open Functional.Core.Engines
open Functional.Core.Graph
open Xunit

/// A chain's state: two float tensors that change places, and a whole number.
type Walker =
    {
        Place: Tensor
        Before: Tensor
        Moves: Tensor
    }

/// `Loop.iterate` against the same turns written one after another.
type LoopTests() =
    static let unrolled count (body: Tensor -> 'S -> 'S) initial =
        (initial, [ 0 .. count - 1 ])
        ||> List.fold (fun state turn -> body (Tensor.ofInt32s [] [| turn |]) state)

    static let bits (tensors: Tensor seq) =
        [
            for tensor in tensors -> tensor.ToFloat64s() |> Array.map BitConverter.DoubleToInt64Bits
        ]

    static let random seed dtype shape =
        Sample.normal (Key.ofSeed seed) dtype shape

    /// Runs `f` with the loop and with its turns one after another, on every engine but the reference, whose intermediate values
    /// are float64; the reference is compared within rounding.
    static let agrees (inputs: Tensor list) (f: (int -> (Tensor -> 'S -> 'S) -> 'S -> 'S) -> Tensor list -> Tensor list) =
        for name, engine in TestEngines.all do
            let looped = compileOn engine (f Loop.iterate) inputs
            let written = compileOn engine (f unrolled) inputs

            if name = "reference" then
                List.iter2 (fun (a: Tensor) (b: Tensor) -> Close.check name 1e-5 (b.ToFloat64s()) (a.ToFloat64s())) looped written
            else
                Assert.Equal<int64[] list>(bits written, bits looped)

        Assert.Equal<int64[] list>(bits (f unrolled inputs), bits (f Loop.iterate inputs))

    /// Langevin's chain on the energy of a small network, whose weights come from outside.
    static let langevin key (weights: Tensor * Tensor) turn (x: Tensor) =
        let first, last = weights

        let energy x =
            Tensor.sum (Tensor.matmul (Tensor.tanh (Tensor.matmul x first)) last)

        let noise = Sample.normal (Key.foldInTensor turn key) x.DType x.Shape
        Tensor.clamp -1.0 1.0 (x - 0.1 * grad energy x + 0.05 * noise)

    static let walk (turn: Tensor) (state: Walker) =
        {
            Place = 0.9 * state.Before + Tensor.cast state.Place.DType turn
            Before = state.Place
            Moves =
                state.Moves
                + Tensor.cast DType.Int32 (Tensor.argmax 0 (Tensor.flatten state.Place))
        }

    static let mentions (parts: string list) (message: string) =
        for part in parts do
            Assert.Contains(part, message)

    [<Fact>]
    member _.``a sum over turns is its closed form``() =
        let total =
            Loop.iterate 100 (fun turn total -> total + turn) (Tensor.zeros DType.Int32 [])

        Assert.Equal<int[]>([| 4950 |], total.ToInt32s())

    [<Fact>]
    member _.``no turn leaves the state, and fewer are refused``() =
        let x = Tensor.vector [ 1.0; 2.0 ]
        Assert.Same(x, Loop.iterate 0 (fun _ x -> x * 2.0) x)

        let error =
            throws<ArgumentException>(fun () -> Loop.iterate -1 (fun _ x -> x * 2.0) x |> ignore)

        mentions [ "count"; "-1"; "0 or more" ] error.Message

    [<Fact>]
    member _.``random bodies give the bits of their turns written out``() =
        for seed in 1..12 do
            for dtype in [ Float32; Float64 ] do
                let types, f = RandomGraphs.make seed dtype

                let arguments =
                    RandomGraphs.arguments seed types
                    |> List.map2 (fun (_, shape) storage -> Tensor.ofStorage shape storage) types

                // Every turn folds what the random program gives into the operands it was given.
                let body (turn: Tensor) (state: Tensor list) =
                    let change = f state |> List.map (Tensor.sin >> Tensor.mean) |> List.reduce (+)

                    state
                    |> List.map (fun x ->
                        if DType.isFloat x.DType then
                            Tensor.cast x.DType (0.5 * x + 0.1 * Tensor.cast x.DType change + 0.01 * Tensor.cast x.DType turn)
                        else
                            x)

                agrees arguments (fun iterate -> iterate 4 body)

    [<Fact>]
    member _.``a state of several types keeps its places``() =
        for dtype in [ Float32; Float64 ] do
            let initial =
                [
                    random 1 dtype [ 3; 5 ]
                    random 2 dtype [ 3; 5 ]
                    Tensor.zeros DType.Int32 []
                ]

            agrees initial (fun iterate x ->
                let last =
                    iterate
                        7
                        walk
                        {
                            Place = x[0]
                            Before = x[1]
                            Moves = x[2]
                        }

                [ last.Place; last.Before; last.Moves ])

    [<Fact>]
    member _.``a state may be empty in part, or stay``() =
        agrees [ random 3 Float32 [ 4 ]; Tensor.zeros Float32 [ 0; 3 ] ] (fun iterate x ->
            iterate 3 (fun _ (state: Tensor list) -> [ state[0] * 0.5; state[1] ]) x)

    [<Fact>]
    member _.``gradients and draws inside``() =
        for dtype in [ Float32; Float64 ] do
            let inputs =
                [
                    random 4 dtype [ 6; 9 ]
                    random 5 dtype [ 9; 33 ]
                    random 6 dtype [ 33; 1 ]
                    (Key.ofSeed 7).Words
                ]

            agrees inputs (fun iterate x -> [ iterate 20 (langevin { Words = x[3] } (x[1], x[2])) x[0] ])

    [<Fact>]
    member _.``sums of the state``() =
        let chain iterate (x: Tensor) =
            iterate 6 (fun _ (x: Tensor) -> 0.5 * x + Tensor.mean (Tensor.square x)) x

        let x = random 17 Float32 [ 5000 ]

        let run options iterate =
            compileOn (Cpu.create options) (chain iterate) x

        let unfused = { Cpu.defaults with Fuse = false }
        Assert.Equal<int64[] list>(bits [ run unfused unrolled ], bits [ run unfused Loop.iterate ])
        // Fused, a turn that is written out ends in the sum of the next, whose order of summation is another than that of a sum alone.
        Close.check "fused" 1e-5 ((run Cpu.defaults unrolled).ToFloat64s()) ((run Cpu.defaults Loop.iterate).ToFloat64s())

    [<Fact>]
    member _.``turns in two loops are turns in one``() =
        let body _ (x: Tensor) = 0.5 * x + Tensor.mean (Tensor.square x)

        let x = random 18 Float32 [ 5000 ]
        let once = Loop.iterate 20 body x
        Assert.Equal<int64[] list>(bits [ once ], bits [ Loop.iterate 10 body (Loop.iterate 10 body x) ])

    [<Fact>]
    member _.``a loop in a loop``() =
        agrees [ random 8 Float32 [ 5 ]; random 9 Float32 [ 5; 5 ] ] (fun iterate x ->
            let inner (outer: Tensor) turn y =
                Tensor.tanh (Tensor.matmul y x[1] + Tensor.cast Float32 (turn + outer))

            [
                iterate 3 (fun turn y -> iterate 4 (inner turn) y * 0.5) (Tensor.unsqueeze 0 x[0])
            ])

    [<Fact>]
    member _.``what does not change is computed before the loop``() =
        let recorder = Recorder Engines.defaultEngine.Value
        let w = random 10 Float32 [ 8; 8 ]

        let chain =
            compileOn recorder.Engine (fun (w: Tensor, x: Tensor) ->
                Loop.iterate 5 (fun _ x -> Tensor.matmul (Tensor.exp (w * (2.0 * 0.25))) x + 3.0) x)

        chain (w, w) |> ignore
        let outer = Walk.topological (fun _ -> true) recorder.Programs[0].Outputs

        let body =
            outer
            |> Seq.pick (fun node ->
                match node.Op with
                | Op.Loop(body, _) -> Some (Body.ofLoop body).Program
                | _ -> None)

        let has op (nodes: Node seq) =
            nodes |> Seq.exists (fun node -> node.Op = op)

        let inner = Walk.topological (fun _ -> true) body.Outputs
        Verify.closed body.Outputs
        Assert.True(has (Unary Exp) outer)
        Assert.False(has (Unary Exp) inner)
        Assert.Equal(3, body.Inputs.Length)

    [<Fact>]
    member _.``a second call compiles nothing, and compiling does not depend on the number of turns``() =
        let run count =
            let x = random 11 Float32 [ 7; 3 ]
            let weights = random 12 Float32 [ 3; 4 ], random 13 Float32 [ 4; 1 ]
            (Loop.iterate count (langevin (Key.ofSeed 3) weights) x).ToFloat64s() |> ignore

        run 5
        let before = Evaluate.prepared ()
        run 5
        Assert.Equal(before, Evaluate.prepared ())

        let size count =
            let recorder = Recorder Engines.defaultEngine.Value

            compileOn recorder.Engine (Loop.iterate count (fun _ x -> x * 0.5 + 1.0)) (Tensor.vector [ 1.0 ])
            |> ignore

            (Print.graph recorder.Programs[0].Outputs).Length

        Assert.Equal(size 10, size 90)

    [<Fact>]
    member _.``the parts of a state do not each run the loop``() =
        let a, b =
            Loop.iterate 3 (fun _ (a: Tensor, b) -> b, a + b) (Tensor.vector [ 1.0 ], Tensor.vector [ 2.0 ])

        Assert.Equal(8.0, b.ToScalar())
        // The loop is known now, so it is read and not run again.
        Assert.All(a.Node.Inputs, (fun loop -> Assert.NotNull loop.Value))
        Assert.Equal(5.0, a.ToScalar())

    [<Fact>]
    member _.``inside a step that keeps its state``() =
        let step (x: Tensor) (turn: Tensor) =
            let next = Loop.iterate 6 (fun _ x -> 0.5 * x + Tensor.cast Float32 turn) x
            next, Tensor.sum next

        let stepper = Stepper(Engines.defaultEngine.Value, step, random 14 Float32 [ 40 ])
        let mutable expected = random 14 Float32 [ 40 ]

        for turn in 1..4 do
            let turn = Tensor.ofInt32s [] [| turn |]
            expected <- unrolled 6 (fun _ x -> 0.5 * x + Tensor.cast Float32 turn) expected
            stepper.On(turn).Run() |> ignore

        Assert.Equal<int64[] list>(bits [ expected ], bits [ stepper.State ])

    [<Fact>]
    member _.``turns allocate nothing``() =
        let chain count =
            compileOn (Cpu.create { Cpu.defaults with Threads = 1 }) (fun (x: Tensor, w: Tensor) ->
                Loop.iterate count (fun turn x -> langevin (Key.ofSeed 1) (w, Tensor.ones Float32 [ 8; 1 ]) turn x) x)

        let x, w = random 15 Float32 [ 16; 8 ], random 16 Float32 [ 8; 8 ]
        Evaluate.nodes [ x.Node; w.Node ]

        let allocated count =
            let chain = chain count
            chain (x, w) |> ignore
            let before = GC.GetAllocatedBytesForCurrentThread()
            chain (x, w) |> ignore
            GC.GetAllocatedBytesForCurrentThread() - before

        Assert.InRange(allocated 1000 - allocated 10, -256L, 256L)

    [<Fact>]
    member _.``derivatives stop at a loop``() =
        let chain (x: Tensor) = Loop.iterate 3 (fun _ x -> x * 2.0) x

        let x = Tensor.vector [ 1.0; 2.0 ]

        for through in
            [
                fun () -> grad (fun x -> Tensor.sum (chain x)) x |> ignore
                fun () -> jvp chain x x |> ignore
                fun () ->
                    grad (fun w -> Tensor.sum (Loop.iterate 2 (fun _ x -> x * w) (Tensor.onesLike w))) x
                    |> ignore
            ] do
            let error = throws<InvalidOperationException> through
            mentions [ "loop"; "stopGradient" ] error.Message

        // d/dx Σ x·c is c, with c = 8x taken to be constant.
        let stopped x =
            Tensor.sum (x * Tensor.stopGradient (chain x))

        Close.tensor 1e-6 [ 8.0; 16.0 ] (grad stopped x)
        Close.tensor 1e-6 [ 8.0; 16.0 ] (compile (grad stopped) x)
        Close.tensor 1e-6 [ 40.0 ] (Tensor.reshape [ 1 ] (snd (jvp stopped x x)))

        // What comes from a loop may be looked at while a derivative is taken, and the loop may read the variable.
        let seen (w: Tensor) =
            let y = Tensor.stopGradient (Loop.iterate 2 (fun _ y -> y * w) (Tensor.onesLike w))

            Assert.Equal(2, y.ToFloat32s().Length)
            Tensor.sum (w * y)

        Close.tensor 1e-6 [ 1.0; 4.0 ] (grad seen x)

        // A whole number has no derivative, so it may come from a loop.
        let counted x =
            let _, n =
                Loop.iterate 3 (fun _ (x: Tensor, n: Tensor) -> x * 2.0, n + Tensor.argmax 0 x) (x, Tensor.zeros DType.Int32 [])

            Tensor.sum (x * Tensor.cast Float32 n)

        Close.tensor 1e-6 [ 3.0; 3.0 ] (grad counted x)

    [<Fact>]
    member _.``a state that changes its form is refused by name``() =
        let initial =
            {
                Place = Tensor.zeros Float32 [ 3 ]
                Before = Tensor.zeros Float32 [ 3 ]
                Moves = Tensor.zeros DType.Int32 []
            }

        let refused change =
            throws<ShapeException>(fun () -> Loop.iterate 2 (fun _ state -> change state) initial |> ignore)
            |> _.Message

        mentions
            [ "Before"; "[1; 3]"; "[3]" ]
            (refused (fun state ->
                { state with
                    Before = Tensor.unsqueeze 0 state.Before
                }))

        mentions
            [ "Moves"; "float32"; "int32" ]
            (refused (fun state ->
                { state with
                    Moves = Tensor.cast Float32 state.Moves
                }))

        let grows =
            throws<ShapeException>(fun () -> Loop.iterate 2 (fun _ (x: Tensor list) -> x @ x) [ initial.Place ] |> ignore)

        mentions [ "2 tensors" ] grows.Message

    [<Fact>]
    member _.``memory and steps of the body are shown``() =
        let types = [ Float32, [| 64; 64 |] ]

        let executable =
            let chain x =
                Loop.iterate 9 (fun _ x -> Tensor.tanh (Tensor.matmul x (Tensor.matmul x x))) x

            Engines.defaultEngine.Value.Prepare((TestEngines.trace types (List.map chain)).Program)

        let lines = executable.Describe().Split '\n'
        Assert.Contains(lines, (fun line -> line.StartsWith "loop 9 :"))
        Assert.Contains(lines, (fun line -> line.StartsWith "  " && line.Contains "matmul → tanh"))
        // The state, and the product inside of a turn.
        Assert.True(executable.PeakBytes >= 2L * 64L * 64L * 4L, $"{executable.PeakBytes} bytes")
