namespace Functional.Core.Tests

open System
open Functional.Core
open Functional.Core.Engines
open Xunit

/// Runs and draws of any sampler.
type SamplerTests() =
    /// Chains that count their steps; each step tells where it began.
    static let counter: Sampler<Tensor, Tensor> =
        {
            Init = id
            Step = fun _ state -> state + 1.0, state
            Position = id
        }

    static let start = Tensor.matrix [ [ 0.0; 10.0 ]; [ 20.0; 30.0 ]; [ 40.0; 50.0 ] ]
    static let key = Key.ofSeed 3L

    static let bowl (x: Tensor) =
        0.5 * Tensor.sumOver [ 1 ] (Tensor.square x)

    [<Fact>]
    member _.``a run gives the last state and the mean of what its steps told``() =
        let state, told = Sampler.run 4 counter key start
        Close.tensor 0.0 [ 4.0; 14.0; 24.0; 34.0; 44.0; 54.0 ] state
        Close.tensor 0.0 [ 1.5; 11.5; 21.5; 31.5; 41.5; 51.5 ] told

    [<Fact>]
    member _.``draws are seen thin steps apart``() =
        let draws = Sampler.draws 3 2 counter key start

        let expected =
            Array3D.init 3 3 2 (fun draw chain number -> float (20 * chain + 10 * number + 2 * (draw + 1)))

        Assert.Equal<float[,,]>(expected, draws.Values)
        Close.tensor 0.0 [ 6.0; 16.0; 26.0; 36.0; 46.0; 56.0 ] draws.State
        Close.tensor 0.0 [ 2.5; 12.5; 22.5; 32.5; 42.5; 52.5 ] draws.Info

    [<Fact>]
    member _.``step i takes the key with i folded in``() =
        let options = Langevin.textbook 0.1
        let sampler = Langevin.sampler options bowl
        let found, _ = Sampler.run 3 sampler key (sampler.Init start)

        let expected =
            (start, [ 0..2 ])
            ||> List.fold (fun x step -> Langevin.step options bowl (Key.foldIn step key) x)

        Assert.Equal<float[]>(expected.ToFloat64s(), found.Position.ToFloat64s())

    [<Fact>]
    member _.``the second call compiles nothing, nor do more draws``() =
        let programs count =
            let recorder = Recorder Engines.defaultEngine.Value
            let sampler = Mala.sampler 0.1 bowl
            let draw = Sampler.drawsOn recorder.Engine count 7 sampler
            let first = draw key (sampler.Init start)
            draw (Key.ofSeed 4L) first.State |> ignore
            recorder.Programs.Length

        Assert.Equal(programs 2, programs 9)
        Assert.Equal(1, programs 9)

    [<Fact>]
    member _.``bits are the same at any number of threads``() =
        let wide = Sample.normal (Key.ofSeed 8L) Float32 [ 96; 300 ]

        let check (sampler: Sampler<'S, 'I>) =
            let bits name =
                let draws =
                    Sampler.drawsOn (TestEngines.find name) 2 3 sampler key (sampler.Init wide)

                draws.Values |> Seq.cast<float> |> Seq.toArray, Tree.tensors draws.Info |> Array.map _.ToFloat64s()

            let expected = bits TestEngines.threads.Head

            for name in TestEngines.threads.Tail do
                Assert.Equal<float[] * float[][]>(expected, bits name)

        check (Langevin.sampler Langevin.article bowl)
        check (Langevin.sampler (Langevin.textbook 0.05) bowl)
        check (Mala.sampler 0.05 bowl)

    [<Fact>]
    member _.``counts below one are refused``() =
        for refused in
            [
                (fun () -> Sampler.run 0 counter key start |> ignore)
                (fun () -> Sampler.draws 0 1 counter key start |> ignore)
                (fun () -> Sampler.draws 1 0 counter key start |> ignore)
            ] do
            Assert.Contains("expected 1 or more", throws<ArgumentException>(refused).Message)
