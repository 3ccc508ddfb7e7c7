namespace Functional.Core.Tests

open System
open System.IO
open System.Threading
open Functional.Core
open Functional.Core.Engines
open Xunit

/// Energies that learn, go wrong, are rescued and resumed.
type EbmTrainingTests() =
    static let noValidation: Dataset option = None

    /// Two bumps on a line: 0.3·N(−0.8, 0.2²) + 0.7·N(0.6, 0.3²).
    static let bumps = [ 0.3, -0.8, 0.2; 0.7, 0.6, 0.3 ]

    static let points count =
        let key = Threefry.ofSeed 21L

        Array.init count (fun i ->
            let share, mean, deviation = bumps[0]
            let isFirst = float (Threefry.uniform key (int64 i)) < share
            let _, mean, deviation = if isFirst then 0.0, mean, deviation else bumps[1]
            float32 (mean + deviation * Threefry.normal (Threefry.split key 1) (int64 i)))

    /// Shares of the rows, or of a density, in bins of 0.1 from −2 to 2.
    static let bins = 40

    static let binOf (x: float) =
        Math.Clamp(int (floor ((x + 2.0) * 10.0)), 0, bins - 1)

    static let shares (weights: (float * float) seq) =
        let found = Array.zeroCreate bins

        for x, weight in weights do
            found[binOf x] <- found[binOf x] + weight

        let total = Array.sum found
        found |> Array.map (fun share -> share / total)

    /// Half of the sum of differences: the most that the probabilities of a set of bins differ.
    static let variation a b =
        0.5 * Array.fold2 (fun sum (a: float) b -> sum + abs (a - b)) 0.0 a b

    /// Rows in [−1, 1] near two corners, for trainings that take a blink.
    static let tiny =
        Array.init (40 * 3) (fun i ->
            0.6f * (if i / 3 % 2 = 0 then 1.0f else -1.0f)
            + 0.2f * Threefry.uniform (Threefry.ofSeed 4L) (int64 i))
        |> Dataset.create "corners" [| 3 |]

    static let objective = { EbmObjective.defaults with Steps = 4 }

    static let start (options: TrainingOptions) seed =
        let keys = Key.split 2 (Key.ofSeed seed)

        let initial =
            {
                Model = Ebm.create [ LayerSpec.dense 8; LayerSpec.Activation Swish ] 0 keys[0] [ 3 ]
                Buffer = ReplayBuffer.create ReplayBuffer.defaults keys[1] 30 [ 3 ]
            }

        Training(Tiny.engine, EbmObjective.ofNetwork objective 1.0, options, initial, tiny, noValidation)

    static let options =
        { TrainingOptions.defaults with
            Epochs = 6
            BatchSize = 16
            Seed = 3L
            Optimizer = Optimizer.adam 0.01
        }

    /// Steps far too large for the energies.
    static let wild =
        { options with
            Epochs = 12
            Optimizer = Optimizer.adam 2.0
        }

    static let run cancelAfter (training: Training<EbmTraining<Ebm>>) =
        let notes = Notes cancelAfter
        training.Run(notes, notes.Token) |> ignore
        notes

    static let bits (training: Training<EbmTraining<Ebm>>) = VaeStep.numbers training.State

    [<Fact>]
    member _.``an energy on a line learns the density``() =
        let rows = points 4000

        // A wide bump keeps the chains near the data; the network bends it.
        let energy (network: Network) (x: Tensor) =
            Tensor.squeeze 1 (Network.infer network x)
            + 0.5 * Tensor.sumOver [ 1 ] (Tensor.square x)

        let network =
            Network.create
                [
                    LayerSpec.dense 32
                    LayerSpec.Activation Swish
                    LayerSpec.dense 32
                    LayerSpec.Activation Swish
                    LayerSpec.dense 1
                ]
                (Key.ofSeed 1L)
                [ 1 ]

        let noise =
            { ReplayBuffer.defaults with
                Noise = -2.0, 2.0
            }

        let objective =
            EbmObjective.create
                {
                    Steps = 80
                    Chain = Langevin.textbook 0.005
                    Buffer = noise
                    Alpha = 0.0
                    RealNoise = 0.0
                }
                energy

        let training =
            Training(
                Tiny.engine,
                objective,
                { TrainingOptions.defaults with
                    Epochs = 60
                    BatchSize = 200
                    Optimizer =
                        { Optimizer.adam 0.01 with
                            Schedule = Cosine(1200, 0.02)
                        }
                },
                {
                    Model = network
                    Buffer = ReplayBuffer.create noise (Key.ofSeed 2L) 2000 [ 1 ]
                },
                Dataset.create "bumps" [| 1 |] rows,
                noValidation
            )

        training.Run(Notes 0, CancellationToken.None) |> ignore
        let grid = [| for i in 0..799 -> -2.0 + (float i + 0.5) / 200.0 |]

        let energies =
            (energy training.Parameters.Model (Tensor.ofValues Float32 [ 800; 1 ] grid)).ToFloat64s()

        let learnt = shares (Seq.zip grid (energies |> Array.map (fun e -> exp -e)))
        let histogram = shares (rows |> Seq.map (fun x -> float x, 1.0))
        let distance = variation histogram learnt
        Assert.True(distance < 0.06, $"{distance}")

        // The chains in the buffer are draws of the same density.
        let drawn =
            shares (
                training.Parameters.Buffer.Rows.Carried.ToFloat64s()
                |> Seq.map (fun x -> x, 1.0)
            )

        let distance = variation histogram drawn
        Assert.True(distance < 0.08, $"{distance} of the chains")

    [<Theory>]
    [<InlineData("cdiv", 20.0)>]
    [<InlineData("gradient_norm", 60.0)>]
    member _.``a run that diverges is ended by its limit, and rescued by going back``(name: string, most: float) =
        let limited = { wild with Limits = [ name, most ] }
        let error = throws<DivergedException>(fun () -> run 0 (start limited 1L) |> ignore)
        Assert.StartsWith($"{name} of ", error.Fault)
        Assert.Equal(None, error.Culprit)

        let rescued =
            run
                0
                (start
                    { limited with
                        OnDivergence = OnDivergence.Rollback
                    }
                    1L)

        Assert.NotEmpty rescued.Rollbacks
        Assert.Equal(limited.Epochs, rescued.Epochs.Length)

        for epoch in rescued.Epochs do
            Assert.All(epoch.Metrics, (fun (_, value) -> Assert.True(Double.IsFinite value)))

    [<Fact>]
    member _.``chains that have run to the bounds are named``() =
        let limited =
            { options with
                Limits = [ "saturation", 0.5 ]
            }

        let error = throws<DivergedException>(fun () -> run 0 (start limited 1L) |> ignore)
        Assert.StartsWith("saturation of ", error.Fault)

    [<Fact>]
    member _.``going back restores the chains``() =
        let training =
            start
                { wild with
                    Limits = [ "cdiv", 20.0 ]
                    OnDivergence = OnDivergence.Rollback
                }
                1L

        let buffer () =
            training.Parameters.Buffer.Rows.Carried.ToFloat64s()

        let mutable atEpoch = buffer ()
        let mutable returns = 0

        let observer =
            { new TrainingObserver with
                member _.OnStep _ = ()
                member _.OnEpoch _ = atEpoch <- buffer ()

                member _.OnRollback _ =
                    returns <- returns + 1
                    Assert.Equal<float[]>(atEpoch, buffer ())
            }

        training.Run(observer, CancellationToken.None) |> ignore
        Assert.True(returns > 0)

    [<Theory>]
    [<InlineData(1)>]
    [<InlineData(3)>]
    [<InlineData(7)>]
    member _.``a resumed training has the same bits, chains among them``(stopAfter: int) =
        let file =
            Path.Combine(Directory.CreateTempSubdirectory("functional-").FullName, "state.safetensors")

        let whole = start options 1L
        run 0 whole |> ignore
        let first = start options 1L
        run stopAfter first |> ignore
        first.Save(file, Map.empty)
        let second = start options 99L
        second.Restore file |> ignore
        run 0 second |> ignore
        Assert.Equal<float[]>(bits whole, bits second)

    [<Fact>]
    member _.``what is not trained has no memory in the optimizer``() =
        let training = start options 1L

        for leaf in Tree.leaves training.State.Optimizer do
            if leaf.Path.Contains "Buffer" then
                Assert.Equal(1, leaf.Tensor.Count)

    [<Fact>]
    member _.``two programs make all steps, and the number of steps of the chain adds none``() =
        let recorder = Recorder Tiny.engine
        let training = start options 1L

        let recorded =
            Training(recorder.Engine, EbmObjective.ofNetwork objective 1.0, options, training.Parameters, tiny, noValidation)

        run 0 recorded |> ignore
        // A step of a whole batch and one of the last.
        Assert.Equal(2, recorder.Programs.Length)
        run 0 training |> ignore
        Assert.Equal<float[]>(bits training, bits recorded)
