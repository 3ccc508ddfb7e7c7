namespace Functional.Core

open System
open Functional.Core.Engines

/// The partition function Z = Σ e^(−E(v, h)) of a restricted Boltzmann machine, exactly: all states of the smaller layer are gone
/// through, and the other layer is summed, or integrated, in closed form. Gaussian units have no states to go through, so with them
/// it is always the hidden layer.
[<RequireQualifiedAccess>]
module Partition =
    /// The most units whose states are gone through: 2²⁰ states.
    let mostUnits = 20

    // Rows of one run of the program. A power of two, so that it divides the number of states.
    let private mostRows = 4096

    /// −log Σᵥ e^(−E(v, h)), what `Rbm.freeEnergy` is to v: −h·c − Σᵢ softplus of what visible unit i takes in. Gaussian units
    /// that take in m beside their bias b give ∫ e^(−(v − b)²/2σ² + v·m/σ²) dv = √(2πσ²)·e^(((b + m)² − b²)/2σ²) each.
    /// [batch; hidden] → [batch].
    let hiddenFreeEnergy (rbm: Rbm) (h: Tensor) : Tensor =
        let input = Rbm.visibleInput rbm h

        let summed =
            match rbm.Units with
            | BernoulliUnits -> Tensor.softplus input
            | GaussianUnits variance ->
                let sigma2 = variance.Carried

                0.5
                * (Tensor.log (2.0 * Math.PI * sigma2)
                   + (Tensor.square input - Tensor.square rbm.VisibleBias) / sigma2)

        -(Tensor.sumOver [ 1 ] (h * rbm.HiddenBias)) - Tensor.sumOver [ 1 ] summed

    /// The layer that is gone through: its units, and its free energy.
    let private enumerated (rbm: Rbm) : int * (Rbm -> Tensor -> Tensor) =
        let visible, hidden = Rbm.visibleCount rbm, Rbm.hiddenCount rbm

        match rbm.Units with
        | BernoulliUnits when visible < hidden -> visible, Rbm.freeEnergy
        | BernoulliUnits
        | GaussianUnits _ -> hidden, hiddenFreeEnergy

    /// Whether log Z can be had by going through all states.
    let isEnumerable (rbm: Rbm) : bool = fst (enumerated rbm) <= mostUnits

    /// The states number `first` and following of units that are 0 or 1, the first unit changing fastest: [rows; units].
    let private states dtype units rows (first: Tensor) : Tensor =
        let number = Tensor.cast dtype (Tensor.arange rows + first)
        let worth = Tensor.ofValues dtype [ units ] (Array.init units (fun j -> 2.0 ** j))
        Tensor.floor (Tensor.unsqueeze 1 number / worth) % 2.0

    /// −F of `rows` states from number `first` on, of the layer gone through.
    let private part =
        compileForEach (fun (rbm: Rbm, rows, first) ->
            let units, freeEnergy = enumerated rbm
            -(freeEnergy rbm (states rbm.Weight.DType units rows first)))

    /// −F of each state of the layer gone through.
    let private logWeights (engine: Engine) (rbm: Rbm) : float[] =
        let units, _ = enumerated rbm

        if units > mostUnits then
            Errors.option
                "exact log Z"
                $"{units} units in the layer to go through"
                $"at most {mostUnits}"
                "estimate it by annealed importance sampling (Ais)"

        let count = 1 <<< units
        let rows = min count mostRows

        [|
            for first in 0..rows .. count - 1 do
                yield! (part engine (rbm, rows, Tensor.ofInt32s [] [| first |])).ToFloat64s()
        |]

    /// log Σ eˣ in float64.
    let internal logSumExp (x: float[]) : float =
        let largest = Array.max x
        largest + log (x |> Array.sumBy (fun x -> exp (x - largest)))

    /// `exact` on an engine.
    let exactOn (engine: Engine) (rbm: Rbm) : float = logSumExp (logWeights engine rbm)

    /// log Z. The free energies have the type of the parameters, their sum is taken in float64. Throws ArgumentException for more than
    /// `mostUnits` units.
    let exact (rbm: Rbm) : float = exactOn Engines.defaultEngine.Value rbm

    /// `sample` on an engine.
    let sampleOn (engine: Engine) (key: Key) (n: int) (rbm: Rbm) : Tensor =
        let pick, other = Key.pair key
        let logWeights = logWeights engine rbm
        let logZ = logSumExp logWeights
        let cumulative = logWeights |> Array.scan (fun sum w -> sum + exp (w - logZ)) 0.0

        let numbers =
            (Sample.uniform pick Float64 [ n ]).ToFloat64s()
            |> Array.map (fun u ->
                // The last state whose share begins at or before u.
                let found = Array.BinarySearch(cumulative, 1, cumulative.Length - 2, u)
                if found >= 0 then found else ~~~found - 1)

        let units, _ = enumerated rbm

        let drawn = states rbm.Weight.DType units 1 (Tensor.ofInt32s [ n ] numbers)

        if units = Rbm.hiddenCount rbm then
            Rbm.sampleVisible other rbm drawn
        else
            drawn

    /// `n` independent draws from p(v), exact where log Z is: [n; visible].
    let sample (key: Key) (n: int) (rbm: Rbm) : Tensor =
        sampleOn Engines.defaultEngine.Value key n rbm

    /// The mean of log p(v) = −F(v) − log Z over rows, in nats; of Gaussian units it is a density. [batch; visible] → a number.
    let logLikelihood (logZ: float) (rbm: Rbm) (rows: Tensor) : float =
        let freeEnergies = Rbm.freeEnergy rbm rows
        -(Tensor.mean (Tensor.cast Float64 freeEnergies)).ToScalar() - logZ
