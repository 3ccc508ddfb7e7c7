namespace Functional.Core

open System

/// What draws of chains say about one number of the distribution.
type Moments =
    {
        Mean: float
        /// Mean squared distance from the mean, with n − 1.
        Variance: float
        /// The number of independent draws that would tell the mean as well.
        EffectiveSampleSize: float
        /// √(variance / effective sample size): how far the mean is likely to be off.
        StandardError: float
        /// Near 1 when all halves of all chains agree; above 1.01 chains were too short (Vehtari et al. 2021).
        RHat: float
    }

/// How far draws of chains can be trusted. Draws are [draws; chains; numbers], as `Sampler.draws` gives them; each number has its own
/// result. All in float64. What can not be told (fewer than four draws, numbers that never change or are not finite) is NaN.
[<RequireQualifiedAccess>]
module Diagnostics =
    let private mean (x: float[]) = Array.average x

    let private variance (x: float[]) =
        let middle = mean x
        Array.sumBy (fun value -> (value - middle) ** 2.0) x / float (x.Length - 1)

    /// One number of the draws: [chains][draws].
    let private chains (draws: float[,,]) number : float[][] =
        Array.init (Array3D.length2 draws) (fun chain -> Array.init (Array3D.length1 draws) (fun draw -> draws[draw, chain, number]))

    /// Each chain as two, the middle of an odd number of draws left out.
    let private halves (chains: float[][]) =
        chains
        |> Array.collect (fun chain ->
            let half = chain.Length / 2
            [| chain[.. half - 1]; chain[chain.Length - half ..] |])

    let private canTell (chains: float[][]) =
        chains.Length > 0
        && chains[0].Length >= 4
        && Array.forall (Array.forall Double.IsFinite) chains

    /// Variance within chains W, and the estimate ((n − 1)/n)·W + B/n that counts how far chains are apart, B/n being the variance of
    /// their means.
    let private withinAndAll (chains: float[][]) =
        let n = float chains[0].Length
        let within = mean (Array.map variance chains)

        let between =
            if chains.Length > 1 then
                variance (Array.map mean chains)
            else
                0.0

        within, within * (n - 1.0) / n + between

    let private rHatOf (chains: float[][]) =
        let within, all = withinAndAll (halves chains)
        if within > 0.0 then sqrt (all / within) else nan

    /// Σ (xᵢ − m)(xᵢ₊ₗ − m) / n for a lag l: the divisor n keeps far lags, which few pairs tell of, small.
    let private autocovariance (centred: float[]) lag =
        let mutable sum = 0.0

        for i in 0 .. centred.Length - 1 - lag do
            sum <- sum + centred[i] * centred[i + lag]

        sum / float centred.Length

    /// n·m / τ with τ = −1 + 2·Σ Pₜ, where Pₜ = ρ(2t) + ρ(2t + 1) are taken up to the first that is not positive and none counts more than
    /// the one before it.
    let private effectiveSize (chains: float[][]) =
        let count = chains[0].Length
        let within, all = withinAndAll chains

        let centred =
            chains
            |> Array.map (fun chain ->
                let middle = mean chain
                chain |> Array.map (fun value -> value - middle))

        let correlation lag =
            1.0
            - (within - mean (centred |> Array.map (fun chain -> autocovariance chain lag)))
              / all

        let sumOfPairs =
            // ρ(0) is 1 by definition; the formula would make it a little less.
            seq { for t in 0 .. (count - 2) / 2 -> (if t = 0 then 1.0 else correlation (2 * t)) + correlation (2 * t + 1) }
            |> Seq.takeWhile (fun pair -> pair > 0.0)
            |> Seq.scan min infinity
            |> Seq.skip 1
            |> Seq.sum

        let draws = float (count * chains.Length)
        // Chains that swing about their mean do better than independent draws; so few draws can not prove that they do much better.
        draws / max (2.0 * sumOfPairs - 1.0) (1.0 / Math.Log10 draws)

    let private effectiveSizeOf (chains: float[][]) =
        if snd (withinAndAll chains) > 0.0 then
            effectiveSize chains
        else
            nan

    let private each (tell: float[][] -> 'a) (unknown: 'a) (draws: float[,,]) : 'a[] =
        Array.init (Array3D.length3 draws) (fun number ->
            let chains = chains draws number
            if canTell chains then tell chains else unknown)

    /// How many independent draws would tell the mean as well: from autocorrelations by Geyer's initial monotone sequence (Geyer 1992), over
    /// all chains together, so that chains that disagree count for little (Gelman et al. 2013, section 11.5).
    let effectiveSampleSize (draws: float[,,]) : float[] = each effectiveSizeOf nan draws

    /// √(all / within): the variance of all draws, chains' distances counted, over that within the halves of chains (split R-hat, Gelman et
    /// al. 2013, section 11.4).
    let rHat (draws: float[,,]) : float[] = each rHatOf nan draws

    /// Draws replaced by normal quantiles of their ranks among all draws of their number, Φ⁻¹((rank − 3/8)/(n + 1/4)); equal draws share the
    /// mean of their ranks. `rHat` of these sees distributions without a variance, too (Vehtari et al. 2021). The same shape.
    let rankNormalised (draws: float[,,]) : float[,,] =
        let scores =
            Array3D.zeroCreate (Array3D.length1 draws) (Array3D.length2 draws) (Array3D.length3 draws)

        let count, chains = Array3D.length1 draws, Array3D.length2 draws
        let total = float (count * chains)

        for number in 0 .. Array3D.length3 draws - 1 do
            let places =
                [|
                    for draw in 0 .. count - 1 do
                        for chain in 0 .. chains - 1 -> struct (draw, chain)
                |]

            let valueAt (struct (draw, chain)) = draws[draw, chain, number]
            let mutable before = 0

            for value, equals in places |> Array.groupBy valueAt |> Array.sortBy fst do
                let rank = float before + (float equals.Length + 1.0) / 2.0

                let score =
                    if Double.IsFinite value then
                        Quantile.normal ((rank - 0.375) / (total + 0.25))
                    else
                        nan

                for struct (draw, chain) in equals do
                    scores[draw, chain, number] <- score

                before <- before + equals.Length

        scores

    /// The moments of each number, with how well they are known.
    let moments (draws: float[,,]) : Moments[] =
        let tell chains =
            let all = Array.concat chains
            let size = effectiveSizeOf chains

            {
                Mean = mean all
                Variance = variance all
                EffectiveSampleSize = size
                StandardError = sqrt (variance all / size)
                RHat = rHatOf chains
            }

        let unknown =
            {
                Mean = nan
                Variance = nan
                EffectiveSampleSize = nan
                StandardError = nan
                RHat = nan
            }

        each tell unknown draws
