namespace Functional.Core

/// Chains of the Metropolis-adjusted Langevin algorithm between two steps.
type MalaState =
    {
        /// [chains; ...].
        Position: Tensor
        /// Energies there: [chains].
        Energy: Tensor
        /// Gradients of the energies there: [chains; ...].
        Gradient: Tensor
    }

/// What a step of the Metropolis-adjusted Langevin algorithm tells: [chains] each.
type MalaInfo =
    {
        /// The probability with which the proposal was accepted, 0 where it was not finite.
        Acceptance: Tensor
        /// 1 if the proposal, its energy or its gradient was not finite, so that the chain stayed, else 0.
        NonFinite: Tensor
    }

/// Langevin chains whose steps are proposals that are accepted or refused, so that e^(−energy) is sampled without error at any step size
/// (Roberts & Tweedie 1996).
[<RequireQualifiedAccess>]
module Mala =
    let private stand energy x =
        let energies, gradients = Chains.energiesAndGradients energy x

        {
            Position = x
            Energy = energies
            Gradient = gradients
        }

    /// Where a step without noise leads.
    let private drift stepSize (x: MalaState) = x.Position - stepSize * x.Gradient

    /// log q(y | x) = −|y − x + ε·∇E(x)|² / 4ε, up to a constant: [chains].
    let private logDensity stepSize (x: MalaState) (y: MalaState) =
        Chains.sums (Tensor.square (y.Position - drift stepSize x)) / (-4.0 * stepSize)

    /// Chains of proposals y = x − ε·∇E(x) + √(2ε)·z, each accepted with probability
    /// min(1, e^(E(x) − E(y))·q(x | y)/q(y | x)), where q(y | x) is the density of the proposal: ε > 0. Where the proposal, its energy or its
    /// gradient is not finite the chain stays, and the info counts it; chains should begin where all three are. The energy gives a number
    /// for each chain, [chains] or [chains; 1], and is differentiated once a step. Acceptance near 0.57 moves fastest in many dimensions
    /// (Roberts & Rosenthal 1998). Errors: option, for a step size of 0 or less.
    let sampler (stepSize: float) (energy: Tensor -> Tensor) : Sampler<MalaState, MalaInfo> =
        if not (stepSize > 0.0) then
            Errors.option "stepSize" $"{stepSize}" "more than 0" ""

        let step key (current: MalaState) =
            let noise, choice = Key.pair key
            let x = current.Position
            let z = Sample.normal noise x.DType x.Shape
            let proposal = stand energy (drift stepSize current + sqrt (2.0 * stepSize) * z)

            let isFinite =
                Chains.finite proposal.Position
                * Chains.finite proposal.Energy
                * Chains.finite proposal.Gradient

            let logRatio =
                current.Energy - proposal.Energy + logDensity stepSize proposal current
                - logDensity stepSize current proposal

            let acceptance =
                Tensor.where isFinite (Tensor.exp (Tensor.minimum logRatio (Tensor.zerosLike logRatio))) (Tensor.zerosLike logRatio)

            let isAccepted = Sample.bernoulli choice acceptance

            Tree.map2 (Chains.advance isAccepted) proposal current,
            {
                Acceptance = acceptance
                NonFinite = 1.0 - isFinite
            }

        {
            Init = stand energy
            Step = step
            Position = _.Position
        }
