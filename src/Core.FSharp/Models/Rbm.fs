namespace Functional.Core

open System

/// What the visible units of a restricted Boltzmann machine are.
type VisibleUnits =
    /// 0 or 1; grey levels in between stand for probabilities.
    | BernoulliUnits
    /// Real numbers, normal around what the hidden units make of them, with a fixed variance each: [visible].
    | GaussianUnits of Variance: Carried

/// A restricted Boltzmann machine: visible and hidden units with weights between the two layers and none within (Smolensky 1986).
type Rbm =
    {
        /// [visible; hidden].
        Weight: Tensor
        /// [visible].
        VisibleBias: Tensor
        /// [hidden].
        HiddenBias: Tensor
        Units: VisibleUnits
    }

[<RequireQualifiedAccess>]
module Rbm =
    /// An untrained machine of Bernoulli units, with weights drawn and biases of 0.
    let createWith (initializer: Initializer) (key: Key) (visible: int) (hidden: int) : Rbm =
        {
            Weight = Init.draw initializer key visible hidden [ visible; hidden ]
            VisibleBias = Tensor.zeros Float32 [ visible ]
            HiddenBias = Tensor.zeros Float32 [ hidden ]
            Units = BernoulliUnits
        }

    /// An untrained machine of Bernoulli units: weights are normal with deviation 0.01 (Hinton 2010, section 8), biases 0.
    let create (key: Key) (visible: int) (hidden: int) : Rbm =
        createWith (NormalWith 0.01) key visible hidden

    /// The machine with normal visible units of one deviation, more than 0.
    let withDeviation (deviation: float) (rbm: Rbm) : Rbm =
        { rbm with
            Units =
                GaussianUnits
                    {
                        Carried = Tensor.fullLike rbm.VisibleBias (deviation * deviation)
                    }
        }

    let visibleCount (rbm: Rbm) : int = rbm.Weight.Shape[0]
    let hiddenCount (rbm: Rbm) : int = rbm.Weight.Shape[1]

    /// What the weights see of visible units: Gaussian ones are divided by their variances. [...; visible] → the same shape.
    let internal seen (rbm: Rbm) (v: Tensor) : Tensor =
        match rbm.Units with
        | BernoulliUnits -> v
        | GaussianUnits variance -> v / variance.Carried

    /// What the hidden units take in from visible ones, c + v·W; Gaussian units are divided by their variances first.
    /// [batch; visible] → [batch; hidden].
    let hiddenInput (rbm: Rbm) (v: Tensor) : Tensor =
        Tensor.matmul (seen rbm v) rbm.Weight + rbm.HiddenBias

    /// What the visible units take in from hidden ones, b + h·Wᵀ: [batch; hidden] → [batch; visible].
    let visibleInput (rbm: Rbm) (h: Tensor) : Tensor =
        Tensor.matmul h (Tensor.transpose rbm.Weight) + rbm.VisibleBias

    /// p(hⱼ = 1 | v) (lecture eq. 19.1): [batch; visible] → [batch; hidden].
    let hiddenMean (rbm: Rbm) (v: Tensor) : Tensor = Tensor.sigmoid (hiddenInput rbm v)

    /// The mean of visible units that take in so much.
    let private visibleMeanOf (rbm: Rbm) (input: Tensor) : Tensor =
        match rbm.Units with
        | BernoulliUnits -> Tensor.sigmoid input
        | GaussianUnits _ -> input

    /// The mean of v given h; of Bernoulli units p(vᵢ = 1 | h) (lecture eq. 19.2): [batch; hidden] → [batch; visible].
    let visibleMean (rbm: Rbm) (h: Tensor) : Tensor = visibleMeanOf rbm (visibleInput rbm h)

    /// Hidden states given v, 0 or 1: [batch; visible] → [batch; hidden].
    let sampleHidden (key: Key) (rbm: Rbm) (v: Tensor) : Tensor = Sample.bernoulli key (hiddenMean rbm v)

    /// States of visible units that take in so much: [batch; visible] → the same shape.
    let internal drawVisible (key: Key) (rbm: Rbm) (input: Tensor) : Tensor =
        let mean = visibleMeanOf rbm input

        match rbm.Units with
        | BernoulliUnits -> Sample.bernoulli key mean
        | GaussianUnits variance -> mean + Tensor.sqrt variance.Carried * Sample.normal key mean.DType mean.Shape

    /// Visible states given h: [batch; hidden] → [batch; visible].
    let sampleVisible (key: Key) (rbm: Rbm) (h: Tensor) : Tensor =
        drawVisible key rbm (visibleInput rbm h)

    /// The part of the energy that the visible units have by themselves: −v·b, or Σ (v − b)²/2σ² of Gaussian ones. [batch].
    let visibleEnergy (rbm: Rbm) (v: Tensor) : Tensor =
        match rbm.Units with
        | BernoulliUnits -> -(Tensor.sumOver [ 1 ] (v * rbm.VisibleBias))
        | GaussianUnits variance ->
            0.5
            * Tensor.sumOver [ 1 ] (Tensor.square (v - rbm.VisibleBias) / variance.Carried)

    /// E(v, h) = −v·b − h·c − v·W·h, so that p(v, h) = e^(−E)/Z (lecture eqs 19.3, 19.4). With Gaussian units the first term is
    /// Σ (v − b)²/2σ² and v is divided by σ² in the last (Cho, Ilin & Raiko 2011). [batch; visible], [batch; hidden] → [batch].
    let energy (rbm: Rbm) (v: Tensor) (h: Tensor) : Tensor =
        visibleEnergy rbm v - Tensor.sumOver [ 1 ] (h * hiddenInput rbm v)

    /// F(v) = −log Σₕ e^(−E(v, h)): the visible part of the energy less Σⱼ softplus of what unit j takes in. p(v) = e^(−F)/Z.
    /// [batch; visible] → [batch].
    let freeEnergy (rbm: Rbm) (v: Tensor) : Tensor =
        visibleEnergy rbm v - Tensor.sumOver [ 1 ] (Tensor.softplus (hiddenInput rbm v))

    /// One turn of a chain, from hidden states to visible ones and back.
    let private turn key (rbm: Rbm) (h: Tensor) =
        let down, up = Key.pair key
        let v = sampleVisible down rbm h
        v, sampleHidden up rbm v

    /// The chain y(0) → x(1) → y(1) → … → x(k) → y(k) of states that goes on from hidden ones: both ends of its last turn. k is 1 or more.
    /// [chains; hidden] → [chains; visible], [chains; hidden].
    let continueGibbs (k: int) (key: Key) (rbm: Rbm) (h: Tensor) : Tensor * Tensor =
        let first, others = Key.pair key

        // The first turn stands before the loop, where what it makes of h is shared with others who ask for it.
        turn first rbm h
        |> Loop.iterate (k - 1) (fun number (_, h) -> turn (Key.foldInTensor number others) rbm h)

    /// The chain x(0) → y(0) → x(1) → … → x(k) → y(k) of states (lecture, before eq. 19.10): both ends of its last turn. k is 0 or more.
    /// [batch; visible] → [batch; visible], [batch; hidden].
    let gibbs (k: int) (key: Key) (rbm: Rbm) (v: Tensor) : Tensor * Tensor =
        let first, others = Key.pair key
        let h = sampleHidden first rbm v
        if k = 0 then v, h else continueGibbs k others rbm h

    /// Hidden states at even odds, where chains begin that nothing is known of: → [chains; hidden].
    let evenOdds (key: Key) (rbm: Rbm) (chains: int) : Tensor =
        Sample.bernoulli key (Tensor.full rbm.Weight.DType [ chains; hiddenCount rbm ] 0.5)

    /// `n` rows from chains of `turns` turns, 1 or more, that begin at even odds: the means of the visible units where the chains end, given
    /// the hidden states there. → [n; visible].
    let sample (turns: int) (key: Key) (rbm: Rbm) (n: int) : Tensor =
        let first, others = Key.pair key
        visibleMean rbm (snd (continueGibbs turns others rbm (evenOdds first rbm n)))

    /// Rows up to the hidden units and back, by means and without drawing: [batch; visible] → [batch; visible].
    let reconstruct (rbm: Rbm) (v: Tensor) : Tensor = visibleMean rbm (hiddenMean rbm v)

    /// Biases that give each Bernoulli unit its mean over the data by itself, log p/(1 − p) (Hinton 2010, section 8.1); means are kept
    /// 0.01 away from 0 and 1. Gaussian units have the means themselves. [visible] → the machine with them.
    let withMeans (means: Tensor) (rbm: Rbm) : Rbm =
        let bias =
            match rbm.Units with
            | GaussianUnits _ -> means
            | BernoulliUnits ->
                let p = Tensor.clamp 0.01 0.99 means
                Tensor.log (p / (1.0 - p))

        { rbm with VisibleBias = bias }

    /// What each hidden unit looks for, one a row: [hidden; visible].
    let features (rbm: Rbm) : Tensor = Tensor.transpose rbm.Weight
