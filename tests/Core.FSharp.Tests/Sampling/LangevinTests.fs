namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// Unadjusted Langevin chains, in both conventions.
type LangevinTests() =
    static let key = Key.ofSeed 11L

    static let numbers dtype (shape: int list) values = Tensor.ofValues dtype shape values

    /// Energies ½·λ·x² of three numbers that do not know of each other.
    static let curvatures = [ 0.5; 1.0; 4.0 ]

    static let quadratic (x: Tensor) =
        Tensor.sumOver [ 1 ] (0.5 * Tensor.vector curvatures * x * x)

    /// Finite within (−1, 1) alone.
    static let walled (x: Tensor) =
        let isInside = Tensor.lt (Tensor.abs x) (Tensor.onesLike x)
        Tensor.sumOver [ 1 ] (Tensor.where isInside (0.5 * x * x) (Tensor.fullLike x nan))

    [<Fact>]
    member _.``the stationary variance is that of the discretised chain``() =
        let stepSize = 0.2
        let sampler = Langevin.sampler (Langevin.textbook stepSize) quadratic
        let draws = Drawn.settled 1000 20 sampler (Tensor.ones Float32 [ 16; 3 ])
        Drawn.hasMean id [ 0.0; 0.0; 0.0 ] draws.Values
        // x' = (1 − ελ)·x + √(2ε)·z has the variance 2ε / (1 − (1 − ελ)²).
        Drawn.hasMean (fun x -> x * x) [ for c in curvatures -> 1.0 / (c * (1.0 - stepSize * c / 2.0)) ] draws.Values
        Close.tensor 0.0 (List.replicate 16 0.0) draws.Info.NonFinite

    [<Fact>]
    member _.``a textbook step is the formula``() =
        let x = numbers Float64 [ 2; 2 ] [| 1.0; -2.0; 0.5; 3.0 |]

        let energy (x: Tensor) =
            Tensor.sumOver [ 1 ] (Tensor.square x * x)

        let z = (Sample.normal key Float64 [ 2; 2 ]).ToFloat64s()

        let expected =
            Array.map2 (fun x z -> x - 0.01 * 3.0 * x * x + sqrt 0.02 * z) (x.ToFloat64s()) z

        Close.check "step" 1e-14 expected ((Langevin.step (Langevin.textbook 0.01) energy key x).ToFloat64s())

    [<Fact>]
    member _.``the article's step clamps after the noise, clips the gradient and clamps after the step``() =
        // Slopes: clipped below and above, as it is, and none.
        let slopes = [ 5.0; -0.7; 0.02; 0.0 ]

        let energy (x: Tensor) =
            Tensor.sumOver [ 1 ] (numbers Float64 [ 4 ] (List.toArray slopes) * x)

        let step key rows =
            Langevin.step Langevin.article energy key (numbers Float64 [ 2; 4 ] rows)

        let clamp value = max -1.0 (min 1.0 value)
        let moves = [| -0.3; 0.3; -0.2; 0.0 |]

        // One row far from the ends and one at them, for several noises.
        let rows = [| 0.1; 0.2; 0.3; -0.4; 1.0; -1.0; -1.0; 1.0 |]
        let key = Key.ofSeed 5L
        let z = (Sample.normal key Float64 [ 2; 4 ]).ToFloat64s()

        let expected =
            Array.init 8 (fun i -> clamp (clamp (rows[i] + 0.005 * z[i]) + moves[i % 4]))

        Close.check "step" 1e-14 expected ((step key rows).ToFloat64s())

        // What noise would bring beyond 1 is 1 before the step: 1 − 0.3 and not a little more.
        let beyond =
            Array.init 100 (fun i -> (step (Key.ofSeed (int64 i)) rows).ToFloat64s()[4])

        Assert.Contains(0.7, beyond)
        Assert.InRange(Array.max beyond, 0.0, 0.7)

    [<Fact>]
    member _.``a chain whose proposal has no finite energy stays and is counted``() =
        let options = Langevin.textbook 0.3
        let sampler = Langevin.sampler options walled
        let x = Tensor.reshape [ 200; 1 ] (Tensor.linspace -0.9 0.9 200)
        let proposals = (Langevin.step options walled key x).ToFloat64s()
        let state, info = sampler.Step key (sampler.Init x)

        let isOut = proposals |> Array.map (fun x -> abs x >= 1.0)
        Assert.Contains(true, isOut)
        Assert.Contains(false, isOut)
        Assert.Equal<float[]>(isOut |> Array.map (fun out -> if out then 1.0 else 0.0), info.NonFinite.ToFloat64s())

        let expected =
            Array.map3 (fun out x proposal -> if out then x else proposal) isOut (x.ToFloat64s()) proposals

        Assert.Equal<float[]>(expected, state.Position.ToFloat64s())
        Assert.Equal<float[]>((walled state.Position).ToFloat64s(), state.Energy.ToFloat64s())

    [<Fact>]
    member _.``a proposal that is not finite is refused in its own chain alone``() =
        // The third power's slope overflows in one chain.
        let energy (x: Tensor) =
            Tensor.sumOver [ 1; 2 ] (Tensor.square x * x)

        let sampler = Langevin.sampler (Langevin.textbook 0.1) energy
        let x = Tensor.ofValues Float32 [ 2; 1; 2 ] [| 1.0; 2.0; 1.0; 3e19 |]
        let state, info = sampler.Step key (sampler.Init x)
        Close.tensor 0.0 [ 0.0; 1.0 ] info.NonFinite
        let now, before = state.Position.ToFloat64s(), x.ToFloat64s()
        Assert.Equal<float[]>(before[2..], now[2..])
        Assert.NotEqual(before[0], now[0])

    [<Fact>]
    member _.``an energy may keep an axis of size 1, and must have a number for each chain``() =
        let x = Tensor.matrix [ [ 1.0; 2.0; 3.0 ]; [ -1.0; 0.5; 2.0 ] ]

        let step energy =
            Langevin.step (Langevin.textbook 0.1) energy key x

        let asColumn = step (quadratic >> Tensor.unsqueeze 1)
        Assert.Equal<float[]>((step quadratic).ToFloat64s(), asColumn.ToFloat64s())

        let error =
            throws<ShapeException>(fun () -> step (quadratic >> Tensor.sum) |> ignore)

        Assert.Contains("one number for each chain", error.Message)

    [<Fact>]
    member _.``weights of the energy may be symbolic, and a step is differentiated along them``() =
        let x = Tensor.matrix [ [ 1.0; 2.0 ]; [ 3.0; -1.0 ] ]

        let energy (w: Tensor) (x: Tensor) = Tensor.sumOver [ 1 ] (0.5 * w * x * x)

        let step (w: Tensor, key, x) =
            Langevin.step (Langevin.textbook 0.1) (energy w) key x

        let w = Tensor.vector [ 0.5; 2.0 ]
        Close.check "compiled" 1e-6 ((step (w, key, x)).ToFloat64s()) ((compile step (w, key, x)).ToFloat64s())
        // Σ x' = … − ε·w·Σ x.
        Close.tensor 1e-6 [ -0.4; -0.1 ] (grad (fun w -> Tensor.sum (step (w, key, x))) w)

    [<Fact>]
    member _.``settings out of their range are refused``() =
        let textbook = Langevin.textbook 0.1

        for name, options in
            [
                "StepSize", { textbook with StepSize = 0.0 }
                "StepSize", { textbook with StepSize = nan }
                "Noise", { textbook with Noise = -1.0 }
                "ClipGradient",
                { textbook with
                    ClipGradient = Some 0.0
                }
                "Range", { textbook with Range = Some(1.0, 1.0) }
            ] do
            let error =
                throws<ArgumentException>(fun () -> Langevin.sampler options quadratic |> ignore)

            Assert.Equal(name, error.ParamName)
