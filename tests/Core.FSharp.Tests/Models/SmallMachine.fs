namespace Functional.Core.Tests

open System
open Functional.Core

/// Machines so small that all their states can be gone through, in float64 and written out.
[<RequireQualifiedAccess>]
module SmallMachine =
    let random seed visible hidden : Rbm =
        let draw i shape =
            Sample.normal (Key.foldIn i (Key.ofSeed seed)) Float64 shape

        {
            Weight = draw 1 [ visible; hidden ]
            VisibleBias = 0.5 * draw 2 [ visible ]
            HiddenBias = 0.5 * draw 3 [ hidden ]
            Units = BernoulliUnits
        }

    let gaussian (variances: float list) (rbm: Rbm) : Rbm =
        { rbm with
            Units =
                GaussianUnits
                    {
                        Carried = Tensor.ofFloat64s [ variances.Length ] (List.toArray variances)
                    }
        }

    /// All states of so many units.
    let states count : float[][] =
        Array.init (1 <<< count) (fun state -> Array.init count (fun unit -> float ((state >>> unit) &&& 1)))

    let variances (rbm: Rbm) =
        match rbm.Units with
        | BernoulliUnits -> None
        | GaussianUnits variance -> Some(variance.Carried.ToFloat64s())

    /// E(v, h), term by term.
    let energy (rbm: Rbm) : float[] -> float[] -> float =
        let weight = Matrices.ofTensor rbm.Weight
        let b, c = rbm.VisibleBias.ToFloat64s(), rbm.HiddenBias.ToFloat64s()
        let variances = variances rbm

        fun v h ->
            let seen, own =
                match variances with
                | None -> v, -(Matrices.dot v b)
                | Some variances ->
                    Array.map2 (/) v variances,
                    Array.map3 (fun v b variance -> (v - b) * (v - b) / (2.0 * variance)) v b variances
                    |> Array.sum

            let pairs =
                Seq.sum
                    [
                        for i in 0 .. v.Length - 1 do
                            for j in 0 .. h.Length - 1 -> seen[i] * weight[i][j] * h[j]
                    ]

            own - Matrices.dot h c - pairs

    /// −log Σ e^(−E) over some energies.
    let freeEnergy (energies: float[]) =
        let least = Array.min energies
        least - log (energies |> Array.sumBy (fun energy -> exp (least - energy)))

    /// p(v, h) of a Bernoulli machine: [visible state; hidden state].
    let joint (rbm: Rbm) : float[][] =
        let hidden = states (Rbm.hiddenCount rbm)

        let energies =
            states (Rbm.visibleCount rbm)
            |> Array.map (fun v -> hidden |> Array.map (energy rbm v))

        let total = freeEnergy (Array.concat energies)
        energies |> Array.map (Array.map (fun energy -> exp (total - energy)))

    /// The number of a state among `states`.
    let index (state: float[]) =
        state |> Array.mapi (fun unit value -> int value <<< unit) |> Array.sum

    let rows (tensor: Tensor) = Matrices.ofTensor tensor
