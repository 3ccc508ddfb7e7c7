namespace Functional.Core

/// How a Langevin chain moves. The two settings in use, `Langevin.article` and `Langevin.textbook`, differ in all of these.
type LangevinOptions =
    {
        /// What the gradient is multiplied by; > 0.
        StepSize: float
        /// Deviation of the normal noise that each number of a chain is given in a step; ≥ 0.
        Noise: float
        /// Noise is added before the gradient is taken, at the place it leads to, and not after the step.
        NoiseFirst: bool
        /// Each number of the gradient is brought into [−limit, limit] first; > 0.
        ClipGradient: float option
        /// Values stay between these two, after the noise as after the step.
        Range: (float * float) option
    }

/// Unadjusted Langevin chains between two steps.
type LangevinState =
    {
        /// [chains; ...].
        Position: Tensor
        /// Energies there: [chains].
        Energy: Tensor
    }

/// What a step of unadjusted Langevin chains tells.
type LangevinInfo =
    {
        /// 1 for each chain that stayed because its proposal or the energy there was not finite, else 0: [chains].
        NonFinite: Tensor
    }

/// Chains that go down the gradient of an energy with noise: samples of e^(−energy), but for an error that grows with the step.
[<RequireQualifiedAccess>]
module Langevin =
    /// The recipe of the article on energy-based models of MNIST: noise of deviation 0.005, then 10 times the gradient, each number of
    /// which is clipped to ±0.03, down the energy; values stay in [−1, 1]. Its noise is far smaller than what a step of 10 asks for, so
    /// its chains look for low energies more than they sample.
    let article: LangevinOptions =
        {
            StepSize = 10.0
            Noise = 0.005
            NoiseFirst = true
            ClipGradient = Some 0.03
            Range = Some(-1.0, 1.0)
        }

    /// x' = x − ε·∇E(x) + √(2ε)·z, the unadjusted Langevin algorithm (Roberts & Tweedie 1996): ε > 0.
    let textbook (stepSize: float) : LangevinOptions =
        {
            StepSize = stepSize
            Noise = sqrt (2.0 * stepSize)
            NoiseFirst = false
            ClipGradient = None
            Range = None
        }

    let private check (options: LangevinOptions) =
        if not (options.StepSize > 0.0) then
            Errors.option "StepSize" $"{options.StepSize}" "more than 0" ""

        if not (options.Noise >= 0.0) then
            Errors.option "Noise" $"{options.Noise}" "0 or more" ""

        match options.ClipGradient with
        | Some limit when not (limit > 0.0) -> Errors.option "ClipGradient" $"{limit}" "more than 0" ""
        | _ -> ()

        match options.Range with
        | Some(low, high) when not (low < high) -> Errors.option "Range" $"{low} to {high}" "two numbers in ascending order" ""
        | _ -> ()

    let private keepInRange (options: LangevinOptions) (x: Tensor) =
        match options.Range with
        | Some(low, high) -> Tensor.clamp low high x
        | None -> x

    let private addNoise (options: LangevinOptions) key (x: Tensor) =
        x + options.Noise * Sample.normal key x.DType x.Shape

    /// x less the step down a gradient.
    let private descend (options: LangevinOptions) (gradient: Tensor) (x: Tensor) =
        let gradient =
            match options.ClipGradient with
            | Some limit -> Tensor.clamp -limit limit gradient
            | None -> gradient

        x - options.StepSize * gradient

    /// Where one step leads: [chains; ...] → the same. The energy gives a number for each chain, [chains] or [chains; 1]; what else it
    /// depends on may be known or symbolic. Nothing is rejected, finite or not.
    /// Errors: option, for settings out of their range; shape, for an energy with another count.
    let step (options: LangevinOptions) (energy: Tensor -> Tensor) (key: Key) (x: Tensor) : Tensor =
        check options

        let downhill x =
            descend options (Chains.gradients energy x) x

        let noisy = addNoise options key
        let kept = keepInRange options

        if options.NoiseFirst then
            x |> noisy |> kept |> downhill |> kept
        else
            x |> downhill |> noisy |> kept

    /// The chain of `step`, with one rule more: a chain for which the place that a step leads to, or the energy there, is not finite stays
    /// where it was, and the info counts it. That takes the energy once more in each step.
    let sampler (options: LangevinOptions) (energy: Tensor -> Tensor) : Sampler<LangevinState, LangevinInfo> =
        check options

        let stand x =
            {
                Position = x
                Energy = Chains.energies energy x
            }

        let step key state =
            let proposal = stand (step options energy key state.Position)
            let isFinite = Chains.finite proposal.Position * Chains.finite proposal.Energy
            Tree.map2 (Chains.advance isFinite) proposal state, { NonFinite = 1.0 - isFinite }

        {
            Init = stand
            Step = step
            Position = _.Position
        }
