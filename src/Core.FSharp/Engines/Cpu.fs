namespace Functional.Core.Engines

open System
open System.Collections.Concurrent
open System.Collections.Generic
open System.Runtime.InteropServices
open System.Text
open Microsoft.FSharp.NativeInterop
open Functional.Core
open Functional.Core.Graph
open Functional.Core.Compile
open Functional.Kernels

/// How the Cpu engine works. The switches exist for tests: they change speed and memory, and no result beyond rounding.
type CpuOptions =
    {
        /// Threads that share the work of each kernel; results do not depend on it.
        Threads: int
        Simplify: bool
        Fuse: bool
        /// Whether values that do not live at the same time share memory.
        ReuseMemory: bool
    }

/// Memory outside of the garbage-collected heap, at a multiple of 64 bytes.
[<Sealed>]
type private Block(bytes: int64) =
    let address =
        NativePtr.toNativeInt (NativePtr.ofVoidPtr<byte>(NativeMemory.AlignedAlloc(unativeint (max 64L bytes), 64un)))

    member _.Address = address

    override _.Finalize() =
        NativeMemory.AlignedFree(NativePtr.toVoidPtr (NativePtr.ofNativeInt<byte> address))

/// Everything one run writes to. A program has as many as there are runs at one time.
[<Sealed>]
type private Workbench(pool: WorkerPool, kernels: KernelSequence) =
    let table = Block(int64 kernels.Slots * int64 sizeof<nativeint>)
    let memory = Block kernels.ArenaBytes
    let shared = Block kernels.WorkspaceBytes
    let own = Block(kernels.ScratchBytes * int64 pool.Threads)
    let buffers: nativeptr<nativeint> = NativePtr.ofNativeInt table.Address

    let context =
        RunContext(pool, buffers, shared.Address, own.Address, kernels.ScratchBytes)

    do NativePtr.set buffers (kernels.Slots - 1) memory.Address

    member _.Run (inputs: Storage[]) (outputs: Storage[]) =
        for i in 0 .. inputs.Length - 1 do
            NativePtr.set buffers i inputs[i].Address

        for i in 0 .. outputs.Length - 1 do
            NativePtr.set buffers (inputs.Length + i) outputs[i].Address

        kernels.Run context

        // The addresses above do not keep the memory behind them.
        GC.KeepAlive table
        GC.KeepAlive memory
        GC.KeepAlive shared
        GC.KeepAlive own
        GC.KeepAlive inputs
        GC.KeepAlive outputs

/// A program as kernels, with the steps in words.
[<ReferenceEquality>]
type private Lowered =
    {
        Kernels: KernelSequence
        Describe: unit -> string
    }

/// Programs on this machine's processor: simplified, fused, scheduled, given memory, and run as kernels.
[<RequireQualifiedAccess>]
module Cpu =
    let defaults =
        {
            Threads = Environment.ProcessorCount
            Simplify = true
            Fuse = true
            ReuseMemory = true
        }

    /// The steps, a line each; below a loop, those of its body; last, which of them run slice by slice.
    let private describe (bodies: Dictionary<Body, Lowered>) (schedule: Step[]) (slices: Sliced[]) (plan: MemoryPlan) =
        let text = StringBuilder()

        for step in schedule do
            let work =
                Array.concat [ Option.toArray step.Head; step.Pointwise; Option.toArray step.Sink ]
                |> Array.map (fun node -> Infer.name node.Op)

            text.AppendLine($"""{String.Join(" → ", work)} : {Errors.show (Array.last step.Writes).Shape}""")
            |> ignore

            match step.Head |> Option.map _.Op with
            | Some(Loop(body, _)) ->
                for line in bodies[Body.ofLoop body].Describe().Split('\n', StringSplitOptions.RemoveEmptyEntries) do
                    text.AppendLine $"  {line}" |> ignore
            | _ -> ()

        for emission in plan.Emissions do
            text.AppendLine $"copy : {Errors.show emission.From.Shape}" |> ignore

        for slice in slices do
            text.AppendLine $"steps {slice.First + 1} to {slice.Last + 1} by slices of {slice.Batch} rows"
            |> ignore

        text.ToString()

    let rec private lower (options: CpuOptions) (program: Program) : Lowered =
        let program = if options.Simplify then Simplify.run program else program
        let program = Legal.run program
        let layout = Layout.ofProgram program
        let schedule = Schedule.run (Fuse.run options.Fuse program layout)

        let slices =
            if options.Fuse then
                Slices.run program layout schedule
            else
                [||]

        let plan = Memory.plan options.ReuseMemory program layout schedule slices
        let inputs, outputs = program.Inputs.Length, program.Outputs.Length
        let arenaSlot = inputs + outputs
        let bodies = Dictionary<Body, Lowered>(HashIdentity.Structural)

        let loopBody (body: Body) =
            if not (bodies.ContainsKey body) then
                bodies[body] <- lower options body.Program

            bodies[body].Kernels

        let operand (node: Node) =
            match plan.Places.TryGetValue node with
            | true, InInput i -> Operand(i, 0L)
            | true, InOutput o -> Operand(inputs + o, 0L)
            | true, InArena offset -> Operand(arenaSlot, offset)
            | _ -> Errors.state (Infer.name node.Op) "a value without a place" "a place in memory" "this is a defect of the compiler"

        let save (emission: Emission) =
            match emission.Saved with
            | ValueSome offset -> Some(Lower.copy operand emission.From (Operand(arenaSlot, offset)))
            | ValueNone -> None

        let emit (emission: Emission) =
            let target = Operand(inputs + emission.Output, 0L)

            match emission.Saved with
            | ValueSome offset ->
                let saved =
                    { emission.From with
                        Offset = 0
                        Strides = Shape.strides emission.From.Shape
                    }

                Lower.copy (fun _ -> Operand(arenaSlot, offset)) saved target
            | ValueNone -> Lower.copy operand emission.From target

        // What an emission overwrites is saved before the first of them runs.
        let kernels =
            Array.concat
                [
                    schedule
                    |> Array.map (Lower.kernel loopBody layout operand)
                    |> Lower.slice slices
                    plan.Emissions |> Array.choose save
                    plan.Emissions |> Array.map emit
                ]

        {
            Kernels = KernelSequence(kernels, arenaSlot + 1, plan.ArenaBytes)
            Describe = fun () -> describe bodies schedule slices plan
        }

    let private prepare (pool: WorkerPool) (options: CpuOptions) (program: Program) : Executable =
        let lowered = lower options program
        let kernels = lowered.Kernels
        let benches = ConcurrentBag<Workbench>()

        { new Executable with
            member _.PeakBytes =
                kernels.ArenaBytes
                + kernels.WorkspaceBytes
                + kernels.ScratchBytes * int64 pool.Threads

            member _.Describe() = lowered.Describe()

            member _.Run(inputs, outputs) =
                let bench =
                    match benches.TryTake() with
                    | true, bench -> bench
                    | _ -> Workbench(pool, kernels)

                bench.Run inputs outputs
                benches.Add bench
        }

    /// An engine with its own threads.
    let create (options: CpuOptions) : Engine =
        if options.Threads < 1 then
            Errors.option "threads" (string options.Threads) "1 or more" ""

        let pool =
            if options.Threads = Environment.ProcessorCount then
                WorkerPool.Shared
            else
                new WorkerPool(options.Threads)

        { new Engine with
            member _.Name = "cpu"
            member _.Prepare program = prepare pool options program
        }

    /// The engine with the default options.
    let shared: Lazy<Engine> = lazy create defaults
