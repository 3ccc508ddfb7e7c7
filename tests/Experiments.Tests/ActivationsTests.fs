namespace Functional.Experiments.Tests

open System
open Functional.Core
open Functional.Experiments
open Xunit

/// What the experiment finds out, against mathematics.
type ActivationsTests() =
    let near (expected: float) (found: float) =
        Assert.True(abs (found - expected) < 1e-6, $"found {found}, expected {expected}")

    [<Fact>]
    member _.``mean outputs over standard normal inputs have closed forms``() =
        let mean activation =
            (Activations.profile (Activation.apply activation)).Mean

        let half = 1.0 / sqrt (2.0 * Math.PI)
        near 0.0 (mean Tanh)
        near 0.5 (mean Sigmoid)
        near half (mean Relu)
        near (0.99 * half) (mean LeakyRelu)
        // E[eˣ − 1; x < 0] = √e Φ(−1) − ½.
        near (half + sqrt Math.E * 0.15865525393145705 - 0.5) (mean Elu)

    [<Fact>]
    member _.``ranges that are not monotone functions' limits are found``() =
        let bump = Activations.profile (fun x -> Tensor.exp (-(x * x)))
        near 0.0 bump.Infimum
        near 1.0 bump.Supremum
        Assert.Equal((false, true), bump.IsAttained)
        Assert.Equal((0.0, 0.0), bump.Slopes)
        let falling = Activations.profile (fun x -> -2.0 * x)
        Assert.Equal((-infinity, infinity), (falling.Infimum, falling.Supremum))
        Assert.Equal((-2.0, -2.0), falling.Slopes)
