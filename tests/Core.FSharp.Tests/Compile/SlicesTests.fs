namespace Functional.Core.Tests

open System
open Functional.Core
open Functional.Core.Compile
open Functional.Core.Engines
open Xunit

/// Steps that run on some rows of a batch at a time.
type SlicesTests() =
    static let slice = Functional.Kernels.SlicedKernel.SliceRows

    /// As few rows as are sliced, and some that do not make a whole slice.
    static let batch = 2 * slice * Environment.ProcessorCount + 5

    static let energy = Ebm.create Ebm.article 0 (Key.ofSeed 1L) [ 1; 32; 32 ]

    static let uphill = Chains.gradients (Ebm.energy energy)

    static let rows = Sample.normal (Key.ofSeed 2L) Float32 [ batch; 1024 ]

    /// The step's description and its result.
    static let run (engine: Engine) (f: Tensor -> Tensor) (x: Tensor) =
        let mutable text = ""

        let listening =
            { new Engine with
                member _.Name = engine.Name

                member _.Prepare program =
                    let made = engine.Prepare program
                    text <- made.Describe()
                    made
            }

        let result = compileOn listening f x
        text, result.ToFloat32s()

    static let bySlices = "by slices"

    [<Fact>]
    member _.``a row is the same in a slice and by itself in a batch too small for slices``() =
        let text, whole = run Cpu.shared.Value uphill rows
        Assert.Contains(bySlices, text)

        for first in 0..slice .. batch - 1 do
            let count = min slice (batch - first)
            let text, part = run Cpu.shared.Value uphill (Tensor.slice 0 first count rows)
            Assert.DoesNotContain(bySlices, text)

            if count = slice then
                Assert.Equal<float32[]>(part, whole[first * 1024 .. (first + count) * 1024 - 1])
            else
                Close.check "last rows" 1e-5 (Array.map float part) (Array.map float whole[first * 1024 ..])

    [<Fact>]
    member _.``the same bits at any number of threads, and wherever values lie``() =
        let options = { Cpu.defaults with Threads = 1 }
        let _, expected = run (Cpu.create options) uphill rows

        for options in [ { options with Threads = 3 }; { options with ReuseMemory = false } ] do
            let text, found = run (Cpu.create options) uphill rows
            Assert.Contains(bySlices, text)
            Assert.Equal<float32[]>(expected, found)

    [<Fact>]
    member _.``what mixes rows does not run by slices``() =
        // The mean over the batch stands between two convolutions.
        let mixed x =
            let slope = uphill x
            uphill (slope - Tensor.meanOver [ 0 ] slope)

        let _, sliced = run Cpu.shared.Value mixed rows
        let whole = compileOn Reference.engine mixed rows
        Close.check "mixed" 1e-4 (whole.ToFloat64s()) (Array.map float sliced)

    [<Fact>]
    member _.``values of one slice share memory only row by row``() =
        let lifetime first last blocks =
            {
                Node = Graph.Node.input 0 Float32 [| 16 * blocks |]
                Bytes = 64L * int64 blocks
                First = first
                Last = last
                Whole = struct (0, 9)
            }

        let early, late, small = lifetime 0 2 4, lifetime 3 5 4, lifetime 6 9 1
        let offsets, total = Memory.place true [| early; late; small |]
        Assert.Equal(offsets[early.Node], offsets[late.Node])
        // It would fit in the place of the others, but other rows of theirs may still be in use.
        Assert.Equal(early.Bytes, offsets[small.Node])
        Assert.Equal(early.Bytes + small.Bytes, total)
