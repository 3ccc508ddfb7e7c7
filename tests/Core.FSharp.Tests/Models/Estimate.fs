namespace Functional.Core.Tests

open Xunit

/// Means over draws, and how far they may be from what they estimate.
[<RequireQualifiedAccess>]
module Estimate =
    let mean (values: float[]) = Array.average values

    /// The standard error of the mean.
    let error (values: float[]) =
        let mean = Array.average values
        let variance = values |> Array.averageBy (fun x -> (x - mean) * (x - mean))
        sqrt (variance / float (values.Length - 1))

    /// Fails unless the mean is within 4 standard errors of what is expected.
    let check (what: string) (expected: float) (values: float[]) =
        let mean, error = mean values, error values
        Assert.True(abs (mean - expected) <= 4.0 * error + 1e-12, $"{what}: {mean} ± {error}, expected {expected}")
