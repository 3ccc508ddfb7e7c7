namespace Functional.Core.Tests

open System
open Functional.Core
open Functional.Core.Compile
open Functional.Core.Engines
open Functional.Core.Graph
open Xunit

/// A function of tensors closed into a program, and the elements of the tensors that it holds on to.
type Traced =
    {
        Program: Program
        Captured: Storage[]
    }

/// The engines that every test of values runs on, and how to run a function of tensors on one of them.
[<RequireQualifiedAccess>]
module TestEngines =
    /// Add an engine here and the whole suite runs on it.
    let all: (string * Engine) list =
        let cpu = { Cpu.defaults with Threads = 2 }

        [
            "reference", Reference.engine
            "cpu", Cpu.create cpu
            "cpu one thread", Cpu.create { cpu with Threads = 1 }
            "cpu three threads", Cpu.create { cpu with Threads = 3 }
            "cpu unsimplified", Cpu.create { cpu with Simplify = false }
            "cpu unfused", Cpu.create { cpu with Fuse = false }
            "cpu without reuse", Cpu.create { cpu with ReuseMemory = false }
        ]

    let names = all |> List.map fst

    /// Those that differ in threads alone, and so in no bit of their results.
    let threads = [ "cpu"; "cpu one thread"; "cpu three threads" ]

    let find name =
        all |> List.find (fun (known, _) -> known = name) |> snd

    /// Calls `f` on symbolic tensors of the types given.
    let trace (types: (DType * int[]) list) (f: Tensor list -> Tensor list) : Traced =
        let arguments =
            types |> List.mapi (fun i (dtype, shape) -> Node.input i dtype shape)

        let results = f (arguments |> List.map Tensor)

        let program, captured =
            Program.capture (List.toArray arguments) [| for result in results -> result.Node |]

        Verify.closed program.Outputs

        {
            Program = program
            Captured = captured
        }

    /// Runs a program on an engine. Outputs start as garbage, so that an element that is not written shows; inputs must come back unchanged.
    let run (engine: Engine) (traced: Traced) (arguments: Storage list) : Storage list =
        let inputs = Array.append (List.toArray arguments) traced.Captured
        let before = inputs |> Array.map Storage.copy

        let outputs =
            traced.Program.Outputs
            |> Array.map (fun node -> Storage(node.DType, node.Count))

        for output in outputs do
            output.Bytes.Fill 0xFFuy

        engine.Prepare(traced.Program).Run(inputs, outputs)

        Array.iter2 (fun (input: Storage) (old: Storage) -> Assert.True(input.Bytes.SequenceEqual old.Bytes)) inputs before

        List.ofArray outputs

/// Comparison of numbers: |actual − expected| ≤ tolerance·(1 + |expected|); NaN equals NaN, an infinity equals itself.
[<RequireQualifiedAccess>]
module Close =
    let private same tolerance (expected: float) (actual: float) =
        expected = actual
        || (Double.IsNaN expected && Double.IsNaN actual)
        || abs (actual - expected) <= tolerance * (1.0 + abs expected)

    /// Fails with `what`, the first place that differs, and both numbers.
    let check (what: string) tolerance (expected: float[]) (actual: float[]) =
        if expected.Length <> actual.Length then
            Assert.Fail $"{what}: {actual.Length} elements instead of {expected.Length}"

        match Array.tryFindIndex not (Array.map2 (same tolerance) expected actual) with
        | Some i -> Assert.Fail $"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R} within {tolerance}"
        | None -> ()

    /// A tensor's elements against numbers written in a test.
    let tensor tolerance (expected: float list) (actual: Tensor) =
        check (string actual) tolerance (List.toArray expected) (actual.ToFloat64s())
