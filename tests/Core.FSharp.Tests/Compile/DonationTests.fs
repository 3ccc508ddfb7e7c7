namespace Functional.Core.Tests

open System
open Functional.Core
open Functional.Core.Engines
open Xunit

/// Steps that take over the memory of the state they are given: the same results as steps that do not.
type DonationTests() =
    static let vector (values: float list) = Tensor.vector values
    static let storage (tensor: Tensor) = Evaluate.value tensor.Node
    static let same (a: Storage) (b: Storage) = obj.ReferenceEquals(a, b)
    static let a = [ 1.0; 2.0; 3.0; 4.0 ]
    static let b = [ 10.0; 20.0; 30.0; 40.0 ]

    static let numbers tree =
        Tree.tensors tree |> Array.map _.ToFloat64s()

    /// Steps by name, from a pair of matrices and one more to another pair and a result. Each puts the old state and the new in the way of
    /// one another in its own manner.
    static let steps: (string * (Tensor * Tensor -> Tensor -> (Tensor * Tensor) * Tensor)) list =
        [
            "unchanged", (fun (a, b) _ -> (a, b), a + b)
            "swapped", (fun (a, b) _ -> (b, a), a - b)
            "one from the other", (fun (a, b) _ -> (b, a + 1.0), b)
            "in place", (fun (a, b) x -> (a + x, b * 2.0), a)
            "read in another order", (fun (a, b) _ -> (a + 1.0, b), 2.0 * Tensor.transpose a)
            "read in another shape", (fun (a, b) _ -> (a + 1.0, b), 2.0 * Tensor.reshape [ 4 ] a)
            "old and new together", (fun (a, b) x -> (a + x, b), a * (a + x))
            "crossed", (fun (a, b) x -> (b * x, a * x), a)
            "reversed", (fun (a, b) _ -> (Tensor.flip 0 a, Tensor.flip 1 b), Tensor.sum a)
            "a product over its reader",
            (fun (a, b) x ->
                let product = Tensor.matmul b x
                (product, b), a + product)
            "a product over its factor",
            (fun (a, b) x ->
                let product = Tensor.matmul a x
                (product, b), product * b)
            "a product read by both",
            (fun (a, b) x ->
                let product = Tensor.matmul x x
                (a - product, b * product), a + b + product)
            "one result for both", (fun (a, b) _ -> (a + b, a + b), a)
            "rows summed behind it", (fun (a, b) _ -> (a * b, b), Tensor.sumOver [ 1 ] (a * b + a))
            "a constant", (fun (a, b) _ -> (Tensor.zerosLike a, b), a)
        ]

    static let optionsOf =
        [
            { Cpu.defaults with Threads = 2 }
            { Cpu.defaults with Fuse = false }
            { Cpu.defaults with Simplify = false }
        ]

    static member Steps: obj[] seq = [ for name, _ in steps -> [| name |] ]

    [<Theory; MemberData("Steps")>]
    member _.``giving memory up changes no result``(name: string) =
        let step = steps |> List.find (fun (known, _) -> known = name) |> snd
        let matrix = List.map float32 >> List.toArray >> Tensor.ofFloat32s [ 2; 2 ]

        for options in optionsOf do
            let engine = Cpu.create options
            let plain = compileOn engine (fun (state, x) -> step state x)
            let giving = compileStepOn engine step
            let x = matrix [ 0.5; -1.0; 2.0; 0.25 ]

            let mutable expected, actual = (matrix a, matrix b), (matrix a, matrix b)

            for _ in 1..4 do
                let next, wanted = plain (expected, x)
                let changed, found = giving actual x
                expected <- next
                actual <- changed
                Assert.Equal<float[][]>(numbers (expected, wanted), numbers (actual, found))

    [<Fact>]
    member _.``keys in the state are read before they change``() =
        let step (words: Tensor) () =
            words + 1.0, Sample.bits { Words = words } [ 2 ]

        let start () = Tensor.ofInt32s [ 2 ] [| 7; 9 |]

        for options in optionsOf do
            let engine = Cpu.create options
            let _, drawn = compileStepOn engine step (start ()) ()
            Assert.Equal<int[]>((snd (step (start ()) ())).ToInt32s(), drawn.ToInt32s())

    [<Fact>]
    member _.``the new state lies where the old one was``() =
        let step = compileStep VaeStep.step
        let x = VaeStep.rows Float32 10
        let first, _ = step (VaeStep.initial Float32) x
        let places = Tree.tensors first |> Array.map storage
        let second, _ = step first x
        Array.iter2 (fun place tensor -> Assert.True(same place (storage tensor))) places (Tree.tensors second)

    [<Fact>]
    member _.``swapped tensors swap their numbers``() =
        let step = compileStep (fun (a: Tensor, b: Tensor) () -> (b, a), ())
        let mutable state = vector a, vector b

        for i in 1..5 do
            state <- fst (step state ())
            let first, second = if i % 2 = 1 then b, a else a, b
            Close.tensor 0.0 first (fst state)
            Close.tensor 0.0 second (snd state)

    [<Fact>]
    member _.``one tensor twice in a state becomes two``() =
        let step = compileStep (fun (a: Tensor, b: Tensor) () -> (a + 1.0, b * 2.0), ())
        let one = vector a
        let (first, second), () = step (one, one) ()
        Close.tensor 0.0 [ 2.0; 3.0; 4.0; 5.0 ] first
        Close.tensor 0.0 [ 2.0; 4.0; 6.0; 8.0 ] second

    [<Fact>]
    member _.``a state may be passed as data too``() =
        let step = compileStep (fun (state: Tensor) (x: Tensor) -> state + x, x * 3.0)
        let mutable state = vector a

        for i in 1..3 do
            let before = state.ToFloat64s()
            let next, tripled = step state state
            state <- next
            Assert.Equal<float[]>(before |> Array.map ((*) 2.0), state.ToFloat64s())
            Assert.Equal<float[]>(before |> Array.map ((*) 3.0), tripled.ToFloat64s())

    [<Theory>]
    [<InlineData(0)>]
    [<InlineData(1)>]
    [<InlineData(2)>]
    member _.``a tensor that the function holds on to keeps its numbers``(givenAt: int) =
        let held = vector a
        let step = compileStep (fun (state: Tensor) () -> state + held, ())
        let mutable state, expected = vector b, List.toArray b

        // At one of the calls the tensor held is itself the state.
        for i in 0..3 do
            if i = givenAt then
                state <- held
                expected <- List.toArray a

            state <- fst (step state ())
            expected <- Array.map2 (+) expected (List.toArray a)
            Assert.Equal<float[]>(expected, state.ToFloat64s())

    [<Fact>]
    member _.``reading a tensor that was given up is a clear error``() =
        let old = vector a
        let pending = old * 2.0
        let step = compileStep (fun (state: Tensor) () -> state + 1.0, ())
        step old () |> ignore

        for read in
            [
                (fun () -> old.ToFloat64s() |> ignore)
                (fun () -> pending.ToFloat64s() |> ignore)
                (fun () -> step old () |> ignore)
            ] do
            let error = throws<InvalidOperationException> read
            Assert.Contains("a tensor [4] that was given up to a compiled function", error.Message)
            Assert.Contains("use the tensor that the function returned", error.Message)

    [<Fact>]
    member _.``what was computed before the step stays``() =
        let old = vector a
        let doubled = old * 2.0
        Close.tensor 0.0 [ 2.0; 4.0; 6.0; 8.0 ] doubled
        let next, () = compileStep (fun (state: Tensor) () -> state + 1.0, ()) old ()
        Close.tensor 0.0 [ 2.0; 4.0; 6.0; 8.0 ] doubled
        Close.tensor 0.0 [ 2.0; 3.0; 4.0; 5.0 ] next

    [<Fact>]
    member _.``data is never given up``() =
        let x = vector b
        let step = compileStep (fun (state: Tensor) (x: Tensor) -> state + x, x + 1.0)
        let mutable state = vector a

        for _ in 1..3 do
            state <- fst (step state x)

        Close.tensor 0.0 b x
        Close.tensor 0.0 [ 31.0; 62.0; 93.0; 124.0 ] state

    [<Fact>]
    member _.``a state that changes its shape keeps the old tensor``() =
        let step =
            compileStep (fun (state: Tensor) () -> Tensor.concatenate 0 [ state; state ], ())

        let old = vector a
        let next, () = step old ()
        Assert.Equal<int[]>([| 8 |], next.Shape)
        Close.tensor 0.0 a old
