namespace Functional.Core

open System

/// How well a score tells two sets of rows apart.
[<RequireQualifiedAccess>]
module Auroc =
    /// The ranks of numbers, counted from 1; equal numbers share the mean of their ranks.
    let private ranks (values: float[]) : float[] =
        let order = Array.init values.Length id
        Array.Sort(Array.copy values, order)
        let ranks = Array.zeroCreate values.Length
        let mutable first = 0

        while first < order.Length do
            let mutable last = first

            while last + 1 < order.Length && values[order[last + 1]] = values[order[first]] do
                last <- last + 1

            for place in first..last do
                ranks[order[place]] <- float (first + last) / 2.0 + 1.0

            first <- last + 1

        ranks

    /// The probability that a row of the second set has a higher score than one of the first, where equal scores count half: the area under
    /// the curve of true over false positives, by the ranks of Mann & Whitney. 1: every score of `above` is higher; 0.5: as good as
    /// guessing. Energies go in as they are, with rows of the data `below` and all others `above`. Errors: option, for a set without scores
    /// or a score that is not a number.
    let ofScores (below: float[]) (above: float[]) : float =
        for name, scores in [ "below", below; "above", above ] do
            if scores.Length = 0 then
                Errors.option $"auroc: {name}" "no scores" "one or more" ""

            if Array.exists Double.IsNaN scores then
                Errors.option $"auroc: {name}" "a score that is not a number" "numbers" ""

        let n = float above.Length
        let sum = Array.append below above |> ranks |> Array.skip below.Length |> Array.sum
        (sum - n * (n + 1.0) / 2.0) / (n * float below.Length)
