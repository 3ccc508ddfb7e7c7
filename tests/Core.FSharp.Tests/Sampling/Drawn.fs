namespace Functional.Core.Tests

open Functional.Core
open Xunit

/// Moments of draws against numbers that are known.
[<RequireQualifiedAccess>]
module Drawn =
    /// Many short chains from `start`, let go on until they have forgotten it: draws of the sampler's own distribution.
    let settled count thin (sampler: Sampler<'State, 'Info>) (start: Tensor) =
        let before, after = Key.pair (Key.ofSeed 20L)
        let draw = Sampler.draws count thin sampler
        draw after (draw before (sampler.Init start)).State

    /// The mean of f over the draws is `expected` within three standard errors, which tell something.
    let hasMean (f: float -> float) (expected: float list) (draws: float[,,]) =
        let found = Diagnostics.moments (Array3D.map f draws)
        Assert.Equal(expected.Length, found.Length)

        for expected, found in Seq.zip expected found do
            Assert.InRange(found.Mean, expected - 3.0 * found.StandardError, expected + 3.0 * found.StandardError)
            Assert.InRange(found.StandardError, 0.0, 0.02 * (1.0 + abs expected))
            Assert.InRange(found.RHat, 0.99, 1.01)
