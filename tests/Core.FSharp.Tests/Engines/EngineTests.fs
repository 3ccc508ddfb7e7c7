namespace Functional.Core.Tests

open System
open Functional.Core
open Functional.Core.Engines
open Xunit

/// Engines against the reference on random programs: their values and their gradients.
type EngineTests() =
    static let agree engine types f seed tolerance =
        let traced = TestEngines.trace types f
        let arguments = RandomGraphs.arguments seed types

        let run engine =
            TestEngines.run engine traced arguments |> List.map Storage.toFloat64

        let expected = run Reference.engine
        Assert.True(expected |> List.forall (Array.forall Double.IsFinite), "the program's own numbers are not finite")
        let found = run (TestEngines.find engine)
        List.iter2 (Close.check $"seed {seed}" tolerance) expected found

    /// The gradient of the mean of everything that the program gives.
    static let gradients f =
        grad (fun x -> f x |> List.map (fun y -> Tensor.mean (Tensor.sin y)) |> List.reduce (+))

    static let bits (storages: Storage list) =
        [ for storage in storages -> storage.Bytes.ToArray() ]

    static member Rows = OpTable.rows (fun _ -> true)

    static member Seeds: obj[] seq =
        [
            for engine in TestEngines.names do
                for seed in 1..40 do
                    [| engine; seed |]
        ]

    [<Theory; MemberData("Seeds")>]
    member _.``random programs give the reference's values``(engine: string, seed: int) =
        for dtype, tolerance in [ Float64, 1e-10; Float32, 1e-3 ] do
            let types, f = RandomGraphs.make seed dtype
            agree engine types f seed tolerance

    [<Theory; MemberData("Seeds")>]
    member _.``random programs give the reference's gradients``(engine: string, seed: int) =
        for dtype, tolerance in [ Float64, 1e-9; Float32, 1e-3 ] do
            let types, f = RandomGraphs.make seed dtype
            agree engine types (gradients f) seed tolerance

    [<Theory; MemberData("Rows")>]
    member _.``every operation gives the same bits at any number of threads``(name: string) =
        let case = OpTable.find name

        for dtype in OpCase.dtypes case do
            for shapes in case.Shapes do
                let traced =
                    TestEngines.trace (OpCase.types case dtype shapes) (fun x -> [ case.Run dtype x ])

                let arguments = OpCase.operands case dtype shapes

                let results =
                    [
                        for engine in TestEngines.threads -> bits (TestEngines.run (TestEngines.find engine) traced arguments)
                    ]

                for result in results.Tail do
                    Assert.Equal<byte[] list>(results.Head, result)

    [<Fact>]
    member _.``random programs give the same bits at any number of threads``() =
        for seed in 1..40 do
            for dtype in [ Float64; Float32 ] do
                let types, f = RandomGraphs.make seed dtype
                let traced = TestEngines.trace types (fun x -> f x @ gradients f x)
                let arguments = RandomGraphs.arguments seed types

                let results =
                    [
                        for engine in TestEngines.threads -> bits (TestEngines.run (TestEngines.find engine) traced arguments)
                    ]

                for result in results.Tail do
                    Assert.Equal<byte[] list>(results.Head, result)

    [<Fact>]
    member _.``a prepared program runs again with the same bits, and an output may be an input``() =
        for _, engine in TestEngines.all do
            let types, f = RandomGraphs.make 7 Float32
            let traced = TestEngines.trace types (fun x -> x.Head :: f x)
            let arguments = RandomGraphs.arguments 7 types
            let first = TestEngines.run engine traced arguments
            let second = TestEngines.run engine traced arguments
            List.iter2 (fun (a: Storage) (b: Storage) -> Assert.Equal<byte[]>(a.Bytes.ToArray(), b.Bytes.ToArray())) first second
            Assert.Equal<byte[]>(arguments.Head.Bytes.ToArray(), first.Head.Bytes.ToArray())

    [<Fact>]
    member _.``one program runs on many threads at once``() =
        for _, engine in TestEngines.all do
            let types, f = RandomGraphs.make 11 Float32
            let traced = TestEngines.trace types f
            let arguments = RandomGraphs.arguments 11 types
            let inputs = Array.append (List.toArray arguments) traced.Captured
            let executable = engine.Prepare traced.Program

            let results =
                Array.Parallel.init 8 (fun _ ->
                    let outputs =
                        traced.Program.Outputs
                        |> Array.map (fun node -> Storage(node.DType, node.Count))

                    executable.Run(inputs, outputs)
                    outputs |> Array.map (fun output -> output.Bytes.ToArray()))

            for result in results do
                Assert.Equal<byte[][]>(results[0], result)
