namespace Functional.Core.Tests

open System
open Functional.Core

/// Small machines, and sums over all their states written out in float64.
[<RequireQualifiedAccess>]
module Enumerated =
    /// A float64 machine of Bernoulli units whose parameters are normal, the weights with the deviation given.
    let machine (visible: int) (hidden: int) (deviation: float) (seed: int64) : Rbm =
        match Key.split 3 (Key.ofSeed seed) with
        | [ weight; visibleBias; hiddenBias ] ->
            {
                Weight = deviation * Sample.normal weight Float64 [ visible; hidden ]
                VisibleBias = Sample.normal visibleBias Float64 [ visible ]
                HiddenBias = Sample.normal hiddenBias Float64 [ hidden ]
                Units = BernoulliUnits
            }
        | _ -> invalidOp "three keys were asked for"

    /// All states of units that are 0 or 1; the first unit changes fastest.
    let states (units: int) : float[][] =
        Array.init (1 <<< units) (fun state -> Array.init units (fun unit -> float ((state >>> unit) &&& 1)))

    /// −E(v, h) of the lecture's eq. 19.3, term by term.
    let private negativeEnergy (rbm: Rbm) : float[] -> float[] -> float =
        let w, b, c =
            rbm.Weight.ToFloat64s(), rbm.VisibleBias.ToFloat64s(), rbm.HiddenBias.ToFloat64s()

        fun v h ->
            let mutable sum = Array.fold2 (fun sum h c -> sum + h * c) 0.0 h c

            for i in 0 .. v.Length - 1 do
                sum <- sum + v[i] * b[i]

                for j in 0 .. h.Length - 1 do
                    sum <- sum + v[i] * w[i * h.Length + j] * h[j]

            sum

    /// Σₕ e^(−E(v, h)) of each visible state.
    let weights (rbm: Rbm) : float[] =
        let negativeEnergy = negativeEnergy rbm
        let hidden = states (Rbm.hiddenCount rbm)

        states (Rbm.visibleCount rbm)
        |> Array.map (fun v -> hidden |> Array.sumBy (fun h -> exp (negativeEnergy v h)))

    let logZ (rbm: Rbm) : float = log (Array.sum (weights rbm))

    /// p(v) of each visible state.
    let probabilities (rbm: Rbm) : float[] =
        let weights = weights rbm
        let z = Array.sum weights
        weights |> Array.map (fun weight -> weight / z)

    /// Rows as a float64 tensor.
    let rows (rows: float[][]) : Tensor =
        Tensor.ofFloat64s [ rows.Length; rows[0].Length ] (Array.concat rows)
