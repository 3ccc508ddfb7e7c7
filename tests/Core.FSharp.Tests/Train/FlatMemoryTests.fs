namespace Functional.Core.Tests

open System
open Functional.Core
open Functional.Core.Engines
open Xunit

/// Tests that measure the whole process and so run alone.
[<CollectionDefinition("alone", DisableParallelization = true)>]
type Alone() = class end

[<Collection("alone")>]
type FlatMemoryTests() =
    /// Bytes in use once garbage is gone, and what finalizers let go. (`GC.GetTotalMemory true` stops within 5 % of that.)
    static let inUse () =
        for _ in 1..2 do
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, true, true)
            GC.WaitForPendingFinalizers()

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, true, true)
        GC.GetTotalMemory false

    /// Bytes in use after steps number 500, 1000, ... of a training.
    static let bytesInUse epochs =
        let training =
            Tiny.start Tiny.engine { Tiny.options with Epochs = epochs } 1L Tiny.train

        let used = ResizeArray<int64>()

        let observer =
            { new TrainingObserver with
                member _.OnStep _ = ()
                member _.OnRollback _ = ()

                member _.OnEpoch report =
                    if report.Epoch % 100 = 0 then
                        used.Add(inUse ())
            }

        Assert.True(training.Run(observer, Threading.CancellationToken.None))
        List.ofSeq used

    [<Fact>]
    member _.``three thousand steps leave no more memory in use than five hundred``() =
        let used = bytesInUse 600
        Assert.Equal(6, used.Length)
        // Fifty bytes a step; the program that runs the tests keeps and drops some ten thousand meanwhile.
        Assert.InRange(List.last used - used.Head, Int64.MinValue, 125_000L)

    [<Fact>]
    member _.``a thousand steps leave the process as large as it was``() =
        let vae =
            Vae.create
                {
                    Inputs = 784
                    Hidden = [ 64 ]
                    LatentSize = 8
                    Activation = Elu
                    Likelihood = Bernoulli
                }
                (Key.ofSeed 1L)

        let take vae x =
            let loss, gradient =
                valueAndGrad (fun vae -> Vae.loss 1.0 (Vae.elbo vae (Key.ofSeed 2L) x)) vae

            Tree.map2 (fun (w: Tensor) g -> w - 0.001 * g) vae gradient, loss

        let stepper = Stepper(Tiny.engine, take, vae)
        let step = stepper.On(Sample.uniform (Key.ofSeed 3L) Float32 [ 50; 784 ])

        let residentAfter steps =
            for _ in 1..steps do
                step.Run() |> ignore

            Environment.WorkingSet

        let early = residentAfter 100
        let late = residentAfter 1000
        Assert.InRange(float late / float early, 0.0, 1.02)

    [<Fact>]
    member _.``a step takes the memory that was foretold``() =
        // Wide layers on many rows: nearly all of it is what the gradient needs of the values on the way.
        let take (weights: Tensor list) (x: Tensor) =
            let loss weights =
                (x, weights)
                ||> List.fold (fun x (w: Tensor) -> Tensor.tanh (Tensor.matmul x w))
                |> Tensor.mean

            let value, gradient = valueAndGrad loss weights
            Tree.map2 (fun (w: Tensor) g -> w - 0.1 * g) weights gradient, value

        let draw i shape =
            Sample.normal (Key.foldIn i (Key.ofSeed 1L)) Float32 shape

        let stepper =
            Stepper(Tiny.engine, take, [ draw 1 [ 8; 4096 ]; draw 2 [ 4096; 8 ]; draw 3 [ 8; 4096 ] ])

        let step = stepper.On(draw 4 [ 4096; 8 ])
        let before = Environment.WorkingSet
        step.Run() |> ignore
        let taken = float (Environment.WorkingSet - before) / 1048576.0
        let foretold = float step.PeakBytes / 1048576.0
        Assert.InRange(foretold, 128.0, 512.0)
        // Kernels are compiled in the first run as well.
        Assert.InRange(taken, 0.9 * foretold, 1.05 * foretold + 8.0)

    [<Fact>]
    member _.``a program's memory is as large at the last run as at the first``() =
        let executable = Tiny.engine.Prepare(VaeStep.program Float32)
        let before = executable.PeakBytes
        let program = VaeStep.program Float32

        let inputs =
            program.Inputs |> Array.map (fun node -> Storage(node.DType, node.Count))

        let outputs =
            program.Outputs |> Array.map (fun node -> Storage(node.DType, node.Count))

        for input in inputs do
            input.Bytes.Clear()

        let start = inUse ()

        for _ in 1..500 do
            executable.Run(inputs, outputs)

        Assert.Equal(before, executable.PeakBytes)
        Assert.InRange(inUse () - start, Int64.MinValue, 4_096L)

    [<Fact>]
    member _.``numbers that change make no programs``() =
        let scale = compile (fun (factor: Tensor, x: Tensor) -> factor * x)

        let draw i =
            (Sample.uniform (Key.foldIn i (Key.ofSeed 1L)) Float32 [ 3 ]).ToFloat64s()

        let take i =
            scale (Tensor.scalar (float i), Tensor.full Float32 [ 3 ] 2.0), draw i

        take 0 |> ignore
        let before = Evaluate.prepared ()

        for i in 1..50 do
            let scaled, drawn = take i
            Close.tensor 0.0 (List.replicate 3 (2.0 * float i)) scaled
            Assert.NotEqual<float[]>(draw 0, drawn)

        Assert.Equal(before, Evaluate.prepared ())
