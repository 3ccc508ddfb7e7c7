namespace Functional.Core.Tests

open System
open System.Threading
open Functional.Core
open Functional.Core.Engines
open Xunit

/// Notes how much memory its thread has asked for after each step; the notes have their place beforehand.
[<Sealed>]
type AllocationNotes(steps: int) =
    let after: int64[] = Array.zeroCreate steps
    let mutable taken = 0

    /// Bytes that each step asked for, the first one's left out.
    member _.OfSteps =
        after[.. taken - 1]
        |> Array.pairwise
        |> Array.map (fun (before, after) -> after - before)

    interface TrainingObserver with
        member _.OnStep _ =
            if taken < steps then
                after[taken] <- GC.GetAllocatedBytesForCurrentThread()
                taken <- taken + 1

        member _.OnEpoch _ = ()
        member _.OnRollback _ = ()

/// Steps ask the garbage collector for nothing, in the loop that trains every model.
[<Collection("alone")>]
type StepAllocationTests() =
    static let steps, batchSize, size = 100, 4, 9

    /// Rows of numbers in [0, 1) with labels and weights, enough for an epoch of so many steps.
    static let rows =
        let key = Threefry.ofSeed 3L

        Array.init (steps * batchSize * size) (fun i -> Threefry.uniform key (int64 i))
        |> Dataset.create "rows" [| size |]
        |> Dataset.withLabels (Array.init (steps * batchSize) (fun row -> row % 3))

    static let key = Key.ofSeed 7L

    static let options =
        { TrainingOptions.defaults with
            Epochs = 1
            BatchSize = batchSize
            Limits = [ Limit.GradientNorm, 1e6 ]
        }

    static let check (objective: Objective<'P>) (parameters: 'P) =
        for threads in 1..2 do
            let engine = Cpu.create { Cpu.defaults with Threads = threads }
            let training = Training(engine, objective, options, parameters, rows, None)
            let notes = AllocationNotes steps
            Assert.True(training.Run(notes, CancellationToken.None))
            Assert.Equal(steps - 1, notes.OfSteps.Length)
            // From the third step on: the second is the first difference.
            Assert.All(Seq.skip 1 notes.OfSteps, (fun bytes -> Assert.Equal(0L, bytes)))

    [<Fact>]
    member _.``a variational autoencoder``() =
        let shape =
            {
                Inputs = size
                Hidden = [ 8 ]
                LatentSize = 2
                Activation = Elu
                Likelihood = Bernoulli
            }

        check (VaeObjective.create VaeObjective.defaults) (Vae.create shape key)

    [<Fact>]
    member _.``a restricted Boltzmann machine with chains that go on``() =
        let learning =
            { RbmObjective.defaults with
                Steps = 3
                Persistent = Some 5
                Update = RbmUpdate.Sampled
            }

        check (RbmObjective.create learning) (RbmObjective.start learning key (Rbm.create key size 6))

    [<Fact>]
    member _.``an energy with a buffer``() =
        let model =
            Ebm.create [ LayerSpec.dense 8; LayerSpec.Activation Swish ] 0 key [ size ]

        let buffer = ReplayBuffer.create ReplayBuffer.defaults key 16 [ size ]
        check (EbmObjective.ofNetwork { EbmObjective.defaults with Steps = 5 } 1.0) { Model = model; Buffer = buffer }

    [<Fact>]
    member _.``a convolutional classifier``() =
        let specs =
            LayerText.parse "conv:4:3:padding=same,batchnorm,relu,maxpool:2,flatten,dropout:0.2,dense:8,elu"

        check (Classifier.objective []) (Classifier.create specs 3 key [ 1; 3; 3 ])

    [<Fact>]
    member _.``a thousand steps of a stepper, on all threads together``() =
        let stepper = Stepper(Tiny.engine, VaeStep.step, VaeStep.initial Float32)
        let step = stepper.On(VaeStep.rows Float32 10)

        for _ in 1..2 do
            step.Run() |> ignore

        let before = GC.GetTotalAllocatedBytes true

        for _ in 1..1000 do
            step.Run() |> ignore

        // The least object takes 24 bytes, so a thousand would be 24,000; the test's runner has threads of its own.
        Assert.InRange(GC.GetTotalAllocatedBytes true - before, 0L, 4_000L)
