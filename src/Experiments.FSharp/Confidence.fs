namespace Functional.Experiments

open System

/// How sure a mean over few runs is.
[<RequireQualifiedAccess>]
module Confidence =
    /// The probability that Student's t with `freedom` degrees lies between −t and t: a finite sum in θ = atan(t/√freedom)
    /// (Abramowitz & Stegun 1964, 26.7.3 and 26.7.4).
    let private within (freedom: int) (t: float) =
        let angle = atan (t / sqrt (float freedom))
        let isOdd = freedom % 2 = 1

        // 1 + (1/2) cos²θ + (1·3)/(2·4) cos⁴θ + ... for even degrees; cos θ (1 + (2/3) cos²θ + ...) for odd ones.
        let first, numerators =
            if isOdd then
                cos angle, [ 2..2 .. freedom - 3 ]
            else
                1.0, [ 1..2 .. freedom - 3 ]

        let terms =
            (first, numerators)
            ||> List.scan (fun term n -> term * float n / float (n + 1) * cos angle ** 2.0)

        if freedom = 1 then
            2.0 / Math.PI * angle
        elif isOdd then
            2.0 / Math.PI * (angle + sin angle * List.sum terms)
        else
            sin angle * List.sum terms

    /// The t that −t to t holds with probability `level`, between 0 and 1, found by halving.
    let quantile (level: float) (freedom: int) : float =
        let rec narrow (low: float) (high: float) =
            let middle = (low + high) / 2.0

            if middle <= low || middle >= high then middle
            elif within freedom middle < level then narrow middle high
            else narrow low middle

        narrow 0.0 1e6

    /// The mean of two or more independent values, and half the width of its 95 % interval when they are normal: t·s/√n.
    let interval (values: float list) : float * float =
        let count = float values.Length
        let mean = List.average values

        let variance =
            (values |> List.sumBy (fun value -> (value - mean) ** 2.0)) / (count - 1.0)

        mean, quantile 0.95 (values.Length - 1) * sqrt (variance / count)
