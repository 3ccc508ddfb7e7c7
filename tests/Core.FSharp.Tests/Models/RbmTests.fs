namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// Restricted Boltzmann machines against all their states, and with normal visible units against integrals.
type RbmTests() =
    static let machine = SmallMachine.random 1L 5 4
    static let visible = SmallMachine.states 5
    static let hidden = SmallMachine.states 4
    static let normal = SmallMachine.random 2L 2 3 |> SmallMachine.gaussian [ 0.5; 2.0 ]

    /// Points of a fine grid with their shares of the plane, far out enough to hold all of the density.
    static let grid =
        [|
            for x in -15.0 .. 0.05..15.0 do
                for y in -15.0 .. 0.05..15.0 -> [| x; y |]
        |]

    /// Means over the grid with weights e^(−E).
    static let integral (energy: float[] -> float) (f: float[] -> float) =
        let weights = grid |> Array.map (fun v -> exp -(energy v))

        Array.sum (Array.map2 (fun weight v -> weight * f v) weights grid)
        / Array.sum weights

    static let squareOf mean (v: float) = (v - mean) * (v - mean)

    /// The value that χ² with so many degrees stays under with a probability of 0.999 (Wilson & Hilferty 1931).
    static let critical (degrees: int) =
        let spread = 2.0 / (9.0 * float degrees)

        float degrees
        * Math.Pow(1.0 - spread + Quantile.normal 0.999 * sqrt spread, 3.0)

    /// Chains of a 4 by 3 machine: χ² of the joint states that they end in.
    static let distance k (starts: Tensor) =
        let small = SmallMachine.random 3L 4 3
        let v, h = Rbm.gibbs k (Key.ofSeed 5L) small starts
        let counts = Array2D.zeroCreate 16 8

        Array.iter2
            (fun v h ->
                let v, h = SmallMachine.index v, SmallMachine.index h
                counts[v, h] <- counts[v, h] + 1)
            (SmallMachine.rows v)
            (SmallMachine.rows h)

        SmallMachine.joint small
        |> Array.mapi (fun v row ->
            row
            |> Array.mapi (fun h p ->
                let expected = p * float starts.Shape[0]
                Assert.True(expected >= 5.0, $"only {expected} expected in state {v}, {h}")
                squareOf expected (float counts[v, h]) / expected)
            |> Array.sum)
        |> Array.sum

    /// Visible states drawn from a table of probabilities.
    static let drawn (chains: int) (probabilities: float[]) =
        let states = SmallMachine.states 4 |> Matrices.tensor

        let logits =
            Tensor.ofFloat64s [ 16 ] (Array.map log probabilities)
            |> Tensor.broadcast [ chains; 16 ]

        Tensor.gatherRows (Sample.categorical (Key.ofSeed 4L) logits) states

    [<Fact>]
    member _.``energies are sums over pairs``() =
        for rbm, visible in [ machine, visible; normal, grid[..50] ] do
            for h in SmallMachine.states (Rbm.hiddenCount rbm) do
                let expected = visible |> Array.map (fun v -> SmallMachine.energy rbm v h)

                let found =
                    Rbm.energy rbm (Matrices.tensor visible) (Matrices.tensor (visible |> Array.map (fun _ -> h)))

                Close.check "energy" 1e-12 expected (found.ToFloat64s())

    [<Fact>]
    member _.``free energies sum over hidden states``() =
        for rbm, visible in [ machine, visible; normal, grid[..50] ] do
            let hidden = SmallMachine.states (Rbm.hiddenCount rbm)

            let expected =
                visible
                |> Array.map (fun v -> hidden |> Array.map (SmallMachine.energy rbm v) |> SmallMachine.freeEnergy)

            Close.check "free energy" 1e-12 expected ((Rbm.freeEnergy rbm (Matrices.tensor visible)).ToFloat64s())

    [<Fact>]
    member _.``conditionals are those of the joint distribution``() =
        let joint = SmallMachine.joint machine

        let given (p: float[]) (states: float[][]) =
            let total = Array.sum p

            Array.init states[0].Length (fun unit ->
                Array.sum (Array.map2 (fun p (state: float[]) -> p * state[unit]) p states)
                / total)

        let up = joint |> Array.map (fun p -> given p hidden)
        Matrices.close "hidden" 1e-13 up (SmallMachine.rows (Rbm.hiddenMean machine (Matrices.tensor visible)))
        let down = Array.transpose joint |> Array.map (fun p -> given p visible)
        Matrices.close "visible" 1e-13 down (SmallMachine.rows (Rbm.visibleMean machine (Matrices.tensor hidden)))

    [<Fact>]
    member _.``draws have the means of the conditionals``() =
        let rows = 20000
        let v = Tensor.broadcast [ rows; 5 ] (Matrices.tensor visible[11..11])
        let h = Rbm.sampleHidden (Key.ofSeed 7L) machine v

        for mean, column in Array.zip (Array.take 4 ((Rbm.hiddenMean machine v).ToFloat64s())) (Array.transpose (SmallMachine.rows h)) do
            Estimate.check "hidden" mean column

        let back = Rbm.sampleVisible (Key.ofSeed 8L) machine h
        let means = Rbm.visibleMean machine h

        for column in Array.transpose (SmallMachine.rows (back - means)) do
            Estimate.check "visible" 0.0 column

    [<Fact>]
    member _.``chains that begin in the joint distribution stay in it``() =
        let exact =
            SmallMachine.joint (SmallMachine.random 3L 4 3)
            |> Array.map Array.sum
            |> drawn 400_000

        for k in [ 0; 1; 5 ] do
            Assert.InRange(distance k exact, 0.0, critical 127)

    [<Fact>]
    member _.``chains that begin elsewhere come to the joint distribution``() =
        let even = Array.create 16 (1.0 / 16.0) |> drawn 400_000
        Assert.True(distance 0 even > 10.0 * critical 127)
        Assert.InRange(distance 60 even, 0.0, critical 127)

    [<Fact>]
    member _.``a chain that goes on is the end of a longer one``() =
        let v = Matrices.tensor visible
        let first, others = Key.pair (Key.ofSeed 9L)
        let whole = Rbm.gibbs 4 (Key.ofSeed 9L) machine v
        let part = Rbm.continueGibbs 4 others machine (Rbm.sampleHidden first machine v)
        Assert.Equal<float[]>(VaeStep.numbers whole, VaeStep.numbers part)

    [<Fact>]
    member _.``normal units have the conditionals of their energy``() =
        for h in SmallMachine.states 3 do
            let energy v = SmallMachine.energy normal v h
            let mean = Array.init 2 (fun i -> integral energy (fun v -> v[i]))
            let found = Rbm.visibleMean normal (Matrices.tensor [| h |])
            Close.check "mean" 1e-6 mean (found.ToFloat64s())

            let variance =
                Array.init 2 (fun i -> integral energy (fun v -> squareOf mean[i] v[i]))

            Close.check "variance" 1e-6 [| 0.5; 2.0 |] variance

        let h = Tensor.broadcast [ 20000; 3 ] (Matrices.tensor [| [| 1.0; 0.0; 1.0 |] |])
        let away = Rbm.sampleVisible (Key.ofSeed 6L) normal h - Rbm.visibleMean normal h

        for variance, column in Array.zip [| 0.5; 2.0 |] (Array.transpose (SmallMachine.rows away)) do
            Estimate.check "mean" 0.0 column
            Estimate.check "variance" variance (column |> Array.map (fun x -> x * x))

    [<Fact>]
    member _.``a chain of normal units has the moments of their density``() =
        let free (v: float[]) =
            SmallMachine.states 3
            |> Array.map (SmallMachine.energy normal v)
            |> SmallMachine.freeEnergy

        let v, h = Rbm.gibbs 100 (Key.ofSeed 10L) normal (Tensor.zeros Float64 [ 20000; 2 ])

        for i, column in Array.indexed (Array.transpose (SmallMachine.rows v)) do
            Estimate.check "mean" (integral free (fun v -> v[i])) column
            Estimate.check "square" (integral free (fun v -> v[i] * v[i])) (column |> Array.map (fun x -> x * x))

        Assert.All(h.ToFloat64s(), (fun state -> Assert.True((state = 0.0 || state = 1.0))))

    [<Fact>]
    member _.``biases of means give each unit its mean alone``() =
        let means = Tensor.ofFloat64s [ 5 ] [| 0.1; 0.5; 0.9; 0.0; 1.0 |]

        let alone =
            { machine with
                Weight = Tensor.zerosLike machine.Weight
            }

        let found =
            Rbm.reconstruct (Rbm.withMeans means alone) (Matrices.tensor visible[..0])

        Close.check "means" 1e-12 [| 0.1; 0.5; 0.9; 0.01; 0.99 |] (found.ToFloat64s())
        let normal = Rbm.withMeans (Tensor.ofFloat64s [ 2 ] [| 3.0; -1.0 |]) normal
        Close.tensor 0.0 [ 3.0; -1.0 ] normal.VisibleBias
