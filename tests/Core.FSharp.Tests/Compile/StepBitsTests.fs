namespace Functional.Core.Tests

open Functional.Core
open Functional.Core.Engines
open Xunit

/// Twenty steps of training, on every engine.
type StepBitsTests() =
    static let steps = 20

    static let trained options dtype =
        VaeStep.train (Cpu.create options) dtype steps

    static let one = { Cpu.defaults with Threads = 1 }
    static let expected = lazy (VaeStep.train Reference.engine Float64 steps)

    static member Engines: obj[] seq =
        [
            for name in TestEngines.names do
                if name <> "reference" then
                    [| name |]
        ]

    [<Fact>]
    member _.``bits do not depend on threads or on the run``() =
        for dtype in [ Float32; Float64 ] do
            let bits = trained one dtype

            for threads in [ 1; 2; 3; 7 ] do
                Assert.Equal<float[]>(bits, trained { one with Threads = threads } dtype)

    [<Fact>]
    member _.``bits do not depend on where values lie``() =
        Assert.Equal<float[]>(trained one Float32, trained { one with ReuseMemory = false } Float32)

    [<Theory; MemberData("Engines")>]
    member _.``numbers are those of the reference``(name: string) =
        Close.check name 1e-9 expected.Value (VaeStep.train (TestEngines.find name) Float64 steps)

    [<Theory; MemberData("Engines")>]
    member _.``float32 stays near``(name: string) =
        let engine = TestEngines.find name
        Close.check name 2e-3 (VaeStep.train Reference.engine Float32 3) (VaeStep.train engine Float32 3)

    [<Fact>]
    member _.``the loss falls``() =
        // Losses stand last, the latest first.
        let losses = Array.sub expected.Value (expected.Value.Length - steps) steps
        Assert.True(losses[0] < losses[steps - 1] - 0.5, $"from {losses[steps - 1]} to {losses[0]}")
