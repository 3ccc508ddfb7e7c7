namespace Functional.Core

open System

/// How to go from one code to another.
[<RequireQualifiedAccess>]
type Interpolation =
    /// Along the straight line.
    | Linear
    /// Along the arc between the two directions, with lengths in between (White 2016): codes of many dimensions lie near a sphere, and
    /// the straight line would cut through its inside.
    | Spherical

/// Places in the space of codes.
[<RequireQualifiedAccess>]
module Latent =
    /// The quantiles of the standard normal at `count` shares, equally far from one another, from 0.05 to 0.95.
    let quantiles (count: int) : float[] =
        if count < 2 then
            Errors.option "quantiles" $"{count}" "2 or more" ""

        Array.init count (fun i -> Quantile.normal (0.05 + 0.9 * float i / float (count - 1)))

    /// A square of two-dimensional codes over the quantiles, line by line: the first number grows to the right, the second one upwards.
    /// → side·side codes.
    let grid (side: int) : float32[][] =
        let at = quantiles side |> Array.map float32

        [|
            for y in Array.rev at do
                for x in at do
                    [| x; y |]
        |]

    let private mix (shareA: float) (shareB: float) (a: float32[]) (b: float32[]) =
        Array.map2 (fun a b -> float32 (shareA * float a + shareB * float b)) a b

    /// The angle between two directions, in 0 to π; 0 where one of them has no length.
    let private angle (a: float32[]) (b: float32[]) =
        let dot (a: float32[]) (b: float32[]) =
            Array.fold2 (fun sum a b -> sum + float a * float b) 0.0 a b

        match sqrt (dot a a * dot b b) with
        | 0.0 -> 0.0
        | lengths -> acos (Math.Clamp(dot a b / lengths, -1.0, 1.0))

    /// `steps` codes from `a` to `b`, both included. Opposite and equal directions have no arc of their own: there the way is straight.
    let path (way: Interpolation) (steps: int) (a: float32[]) (b: float32[]) : float32[][] =
        if steps < 2 then
            Errors.option "steps" $"{steps}" "2 or more" ""

        let angle =
            match way with
            | Interpolation.Linear -> 0.0
            | Interpolation.Spherical -> angle a b

        let isStraight = sin angle < 1e-6

        Array.init steps (fun i ->
            let share = float i / float (steps - 1)

            if isStraight then
                mix (1.0 - share) share a b
            else
                mix (sin ((1.0 - share) * angle) / sin angle) (sin (share * angle) / sin angle) a b)
