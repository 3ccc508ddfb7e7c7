namespace Functional.Core

open Functional.Core.Engines

/// How log Z is estimated by annealing.
type AisOptions =
    {
        /// Chains that go from the base machine to the model, 2 or more.
        Chains: int
        /// Steps of the inverse temperature from 0 to 1, 1 or more. The more, the closer the estimates from both sides.
        Temperatures: int
        /// Turns of Gibbs sampling that make samples of the model from rows of data, 0 or more, where `LogPartition` needs some.
        BurnIn: int
    }

/// An estimate of log Z from weights whose mean is the ratio of two partition functions.
type AisEstimate =
    {
        /// The logarithm of the estimated Z, in nats.
        LogZ: float
        /// Of log Z, from the spread of the weights: honest only while many weights share the sum, see `EffectiveSamples`.
        StandardError: float
        /// log Z where the mean weight is 3 standard errors off, towards less. −∞ when the errors allow it.
        Low: float
        /// The same towards more. ∞ when the errors allow it.
        High: float
        /// (Σw)²/Σw²: how many of the weights carry the estimate, 1 to the number of chains.
        EffectiveSamples: float
    }

/// log Z from both sides.
type AisBracket =
    {
        /// From the base machine to the model: log Z or less, in expectation.
        Forward: AisEstimate
        /// From samples of the model to the base machine: log Z or more in expectation, if the samples are the model's.
        Reverse: AisEstimate
    }

    /// How far the two sides are apart, in nats. Small when both are right; about 0 or less where chance is all that separates them.
    member bracket.Gap = bracket.Reverse.LogZ - bracket.Forward.LogZ

/// Annealed importance sampling (Neal 2001) of the partition function of a restricted Boltzmann machine (Salakhutdinov & Murray 2008), from
/// both sides (Grosse, Ancha & Roy 2016). Between the base machine, whose weights and hidden biases are 0, and the model stand
/// machines with energies (1 − β)·E₀ + β·E. A chain that meets them in turn gathers the weight Π f(xₜ; βₜ₊₁)/f(xₜ; βₜ), f being
/// e^(−free energy), and the mean of weights is the ratio of the partition functions at the two ends of the way.
[<RequireQualifiedAccess>]
module Ais =
    /// 100 chains and 14,500 temperatures, as Salakhutdinov & Murray have them, and 1,000 turns before the way back.
    let defaults =
        {
            Chains = 100
            Temperatures = 14_500
            BurnIn = 1_000
        }

    /// The inverse temperatures, 0 to 1. They lie closer where the model takes form: of Salakhutdinov & Murray's 14,500 steps 500 lead to 0.5,
    /// 4,000 to 0.9 and 10,000 to 1, and the same shares hold for any number.
    let temperatures (count: int) : float[] =
        let at step =
            let share = 14_500.0 * float step / float count

            if share <= 500.0 then
                0.5 * share / 500.0
            elif share <= 4_500.0 then
                0.5 + 0.4 * (share - 500.0) / 4_000.0
            else
                0.9 + 0.1 * (share - 4_500.0) / 10_000.0

        Array.init (count + 1) at

    /// log of the weight that each chain gathers on the way along `betas`, which begins with samples `v` of the machine at the first:
    /// [temperatures + 1], [visible] → float64 [batch].
    let private weigh (betas: Tensor) (bias: Tensor) (key: Key) (rbm: Rbm) (v: Tensor) : Tensor =
        let baseMachine = { rbm with VisibleBias = bias }

        let beta turn =
            Tensor.reshape [] (Tensor.gatherRows (Tensor.reshape [ 1 ] turn) betas)

        // Sums of thousands of units and turns are taken in float64; only the differences they are made of are small.
        let total x =
            Tensor.sumOver [ 1 ] (Tensor.cast Float64 x)

        let turn number (v, logWeight) =
            let before, after = beta number, beta (number + Tensor.onesLike number)
            let up, down = Key.pair (Key.foldInTensor number key)
            let input = Rbm.hiddenInput rbm v

            let gain =
                Tensor.cast Float64 ((after - before) * (Rbm.visibleEnergy baseMachine v - Rbm.visibleEnergy rbm v))
                + total (Tensor.softplus (after * input) - Tensor.softplus (before * input))

            let h = Sample.bernoulli up (Tensor.sigmoid (after * input))

            let between =
                { rbm with
                    VisibleBias = bias + after * (rbm.VisibleBias - bias)
                }

            // Hidden states of β instead of 1 stand for weights of β·W.
            Rbm.sampleVisible down between (after * h), logWeight + gain

        Loop.iterate (betas.Count - 1) turn (v, Tensor.zeros Float64 [ v.Shape[0] ])
        |> snd

    /// The logarithm of the mean weight with what its spread allows, the weights' sum being taken as `sign` times the way to log Z.
    let private estimate (logBase: float) (sign: float) (logWeights: float[]) : AisEstimate =
        let count = float logWeights.Length
        let logSum = Partition.logSumExp logWeights
        let shares = logWeights |> Array.map (fun w -> exp (w - logSum))
        let squares = shares |> Array.sumBy (fun s -> s * s)
        // The standard error of the mean weight, over the mean weight.
        let relative = sqrt (max 0.0 (count * squares - 1.0) / (count - 1.0))
        let least = log (max 0.0 (1.0 - 3.0 * relative))
        let most = log (1.0 + 3.0 * relative)
        let logZ = logBase + sign * (logSum - log count)

        {
            LogZ = logZ
            StandardError = relative
            Low = logZ + min (sign * least) (sign * most)
            High = logZ + max (sign * least) (sign * most)
            EffectiveSamples = 1.0 / squares
        }

    /// The base machine's visible biases and log Z.
    let private baseOf (means: Tensor) (rbm: Rbm) : Tensor * float =
        let machine = Rbm.withMeans means rbm
        let hidden = Rbm.hiddenCount rbm
        let off = Tensor.zeros rbm.Weight.DType [ 1; hidden ]

        machine.VisibleBias, -(Partition.hiddenFreeEnergy machine off).ToScalar() + float hidden * log 2.0

    let private weights =
        compileForEach (fun (betas, bias, key, rbm, v) -> weigh betas bias key rbm v)

    let private betas (rbm: Rbm) (values: float[]) : Tensor =
        Tensor.ofValues rbm.Weight.DType [ values.Length ] values

    let private check (chains: int) (options: AisOptions) =
        if chains < 2 then
            Errors.option "chains" $"{chains}" "2 or more" ""

        if options.Temperatures < 1 then
            Errors.option "Temperatures" $"{options.Temperatures}" "1 or more" ""

    /// `forward` on an engine.
    let forwardOn (engine: Engine) (options: AisOptions) (key: Key) (means: Tensor) (rbm: Rbm) : AisEstimate =
        check options.Chains options
        let start, way = Key.pair key
        let bias, logBase = baseOf means rbm
        let betas = betas rbm (temperatures options.Temperatures)
        let off = Tensor.zeros rbm.Weight.DType [ options.Chains; Rbm.hiddenCount rbm ]
        let v = Rbm.sampleVisible start { rbm with VisibleBias = bias } off

        estimate logBase 1.0 ((weights engine (betas, bias, way, rbm, v)).ToFloat64s())

    /// log Z from the base machine with these `means` of visible units, [visible], to the model. Z itself is estimated without bias, so
    /// log Z is too small in expectation, and rarely much too large (Markov's inequality).
    let forward (options: AisOptions) (key: Key) (means: Tensor) (rbm: Rbm) : AisEstimate =
        forwardOn Engines.defaultEngine.Value options key means rbm

    /// `reverse` on an engine.
    let reverseOn (engine: Engine) (options: AisOptions) (key: Key) (means: Tensor) (rbm: Rbm) (samples: Tensor) : AisEstimate =
        check samples.Shape[0] options
        let bias, logBase = baseOf means rbm
        let betas = betas rbm (Array.rev (temperatures options.Temperatures))
        estimate logBase -1.0 ((weights engine (betas, bias, key, rbm, samples)).ToFloat64s())

    /// log Z from `samples` of the model, [chains; visible], to the base machine. 1/Z is estimated without bias, so log Z is too large in
    /// expectation, if the samples are the model's: exact ones (`Partition.sample`), or the ends of chains run for long.
    let reverse (options: AisOptions) (key: Key) (means: Tensor) (rbm: Rbm) (samples: Tensor) : AisEstimate =
        reverseOn Engines.defaultEngine.Value options key means rbm samples

    /// `bracket` on an engine.
    let bracketOn (engine: Engine) (options: AisOptions) (key: Key) (means: Tensor) (rbm: Rbm) (samples: Tensor) : AisBracket =
        let up, down = Key.pair key

        {
            Forward = forwardOn engine options up means rbm
            Reverse = reverseOn engine options down means rbm samples
        }

    /// log Z from both sides; `samples` as for `reverse`.
    let bracket (options: AisOptions) (key: Key) (means: Tensor) (rbm: Rbm) (samples: Tensor) : AisBracket =
        bracketOn Engines.defaultEngine.Value options key means rbm samples
