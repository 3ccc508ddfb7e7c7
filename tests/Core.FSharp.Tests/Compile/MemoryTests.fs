namespace Functional.Core.Tests

open System
open FsCheck
open Functional.Core
open Functional.Core.Compile
open Functional.Core.Engines
open Functional.Core.Graph
open Xunit

/// The arena: no two values that live at one time share a byte of it.
type MemoryTests() =
    static let node () = Node.input 0 Float32 [| 1 |]

    static let livesWith (a: Lifetime) (b: Lifetime) = a.First <= b.Last && b.First <= a.Last

    /// The first two of placed values that share bytes where they must not.
    static let overlap reuse (lifetimes: Lifetime[]) (offset: Node -> int64) =
        Seq.allPairs (Seq.indexed lifetimes) (Seq.indexed lifetimes)
        |> Seq.tryFind (fun ((i, a), (j, b)) ->
            i < j
            && (not reuse || livesWith a b)
            && offset a.Node < offset b.Node + b.Bytes
            && offset b.Node < offset a.Node + a.Bytes)

    static let check reuse (lifetimes: Lifetime[]) =
        let offsets, total = Memory.place reuse lifetimes
        let offset node = offsets[node]

        match overlap reuse lifetimes offset with
        | Some((_, a), (_, b)) -> Assert.Fail $"{a} and {b} lie over one another"
        | None -> ()

        for lifetime in lifetimes do
            Assert.Equal(0L, offset lifetime.Node % 64L)
            Assert.InRange(offset lifetime.Node, 0L, total - lifetime.Bytes)

        total

    /// The most bytes alive at any one step: no placement needs less.
    static let leastBytes (lifetimes: Lifetime[]) =
        let alive step =
            lifetimes
            |> Seq.filter (fun l -> l.First <= step && step <= l.Last)
            |> Seq.sumBy _.Bytes

        lifetimes |> Seq.map (fun l -> alive l.First) |> Seq.fold max 0L

    static let planOf reuse (program: Program) =
        let program = Legal.run (Simplify.run program)
        let layout = Layout.ofProgram program
        Memory.plan reuse program layout (Schedule.run (Fuse.run true program layout)) [||]

    static let sumOfBytes (lifetimes: Lifetime[]) = lifetimes |> Array.sumBy _.Bytes

    [<Fact>]
    member _.``values that live together never overlap``() =
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest 300,
            fun (values: struct (byte * byte * byte)[]) ->
                let lifetimes =
                    values
                    |> Array.map (fun (struct (blocks, first, length)) ->
                        let first, last = int (first % 40uy), int (first % 40uy) + int (length % 12uy)

                        {
                            Node = node ()
                            Bytes = 64L * (1L + int64 (blocks % 9uy))
                            First = first
                            Last = last
                            Whole = struct (first, last)
                        })

                let apart, shared = check false lifetimes, check true lifetimes
                Assert.Equal(sumOfBytes lifetimes, apart)
                Assert.InRange(shared, leastBytes lifetimes, apart)
        )

    [<Theory>]
    [<InlineData(true)>]
    [<InlineData(false)>]
    member _.``a training step's values never overlap``(reuse: bool) =
        let plan = planOf reuse (VaeStep.program Float32)
        Assert.NotEmpty plan.Lifetimes
        Assert.InRange(check reuse plan.Lifetimes, 1L, plan.ArenaBytes)

        let offset (node: Node) =
            match plan.Places[node] with
            | InArena offset -> offset
            | place ->
                Assert.Fail $"{place}, not in the arena"
                0L

        Assert.True((overlap reuse plan.Lifetimes offset).IsNone)

    [<Fact>]
    member _.``sharing memory saves more than half of it``() =
        let bytes reuse =
            (planOf reuse (VaeStep.program Float32)).ArenaBytes

        Assert.True(2L * bytes true < bytes false, $"{bytes true} bytes of {bytes false}")

    [<Fact>]
    member _.``the bytes of a run are known before it``() =
        let program = VaeStep.program Float32

        let peak options =
            ((Cpu.create options).Prepare program).PeakBytes

        let plan = planOf true program
        let one = { Cpu.defaults with Threads = 1 }
        Assert.True(peak one >= plan.ArenaBytes)
        Assert.True(peak { one with ReuseMemory = false } > peak one)

    [<Fact>]
    member _.``a step's new state takes the place of the old``() =
        let program = VaeStep.program Float32
        Assert.Equal(program.Outputs.Length - 1, program.Donated.Length)
        // Nothing is copied but the count of steps, which is read until the end.
        Assert.All((planOf true program).Emissions, (fun emission -> Assert.Equal(1, Shape.count emission.From.Shape)))

    [<Fact>]
    member _.``work behind a product overwrites it, unless the product is read again``() =
        let types = [ Float32, [| 8; 5 |]; Float32, [| 5; 6 |]; Float32, [| 6; 2 |] ]

        let layer keep (x: Tensor[]) =
            let a = Tensor.matmul x[0] x[1]
            let y = Tensor.matmul (Tensor.tanh a) x[2]
            if keep then [ y; Tensor.matmul a x[2] ] else [ y ]

        let shares keep =
            let plan =
                planOf true (TestEngines.trace types (Array.ofList >> layer keep)).Program

            let place name =
                plan.Places
                |> Seq.find (fun place -> Infer.name place.Key.Op = name && place.Key.Shape = [| 8; 6 |])
                |> _.Value

            place "matmul" = place "tanh"

        Assert.True(shares false)
        Assert.False(shares true)
