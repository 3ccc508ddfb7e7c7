namespace Functional.Core

/// What stands for the units in the learning rule.
[<RequireQualifiedAccess>]
type RbmUpdate =
    /// States at both ends of the chain (lecture eqs 19.10-19.12).
    | Sampled
    /// Hidden units by their means: the slope of F(x(0)) − F(x(k)). The same in expectation, with less noise.
    | MeanField

/// A price on hidden units that are on too often or too seldom: cost·Σⱼ (target − the mean of unit j over the batch)² (Lee, Ekanadham &
/// Ng 2008).
type Sparsity =
    {
        /// How often a unit should be on: 0 to 1, both excluded.
        Target: float
        /// 0 or more.
        Cost: float
    }

/// How a restricted Boltzmann machine learns.
type RbmLearning =
    {
        /// Turns of the chain in each step, 1 or more: k of CD-k and PCD-k.
        Steps: int
        /// Chains that go on from step to step, so many (Tieleman 2008); none: they begin at the rows of each batch (Hinton 2002).
        Persistent: int option
        Update: RbmUpdate
        /// The share of a batch in the offsets of the centred gradient, more than 0, at most 1; none: the gradient as it is.
        Centred: float option
        Sparsity: Sparsity option
        /// What happens to the grey levels of the rows at each step.
        Binarisation: Binarisation
    }

/// What the centred gradient takes from units: sliding means of them over the data.
type RbmOffsets =
    {
        /// [visible].
        Visible: Carried
        /// [hidden].
        Hidden: Carried
    }

/// A machine while it learns.
type RbmTraining =
    {
        Rbm: Rbm
        /// Hidden states of the chains that go on: [chains; hidden].
        Chains: Carried option
        Offsets: RbmOffsets option
    }

/// Both ends of a chain: where the rows are, and where the machine would have them.
type internal RbmEnds =
    {
        /// [batch; visible].
        Rows: Tensor
        /// [batch; hidden].
        Hidden: Tensor
        /// [chains; visible].
        ChainRows: Tensor
        /// [chains; hidden].
        ChainHidden: Tensor
    }

/// Learning by contrastive divergence, and what it reports.
[<RequireQualifiedAccess>]
module RbmObjective =
    /// CD-1 by means.
    let defaults: RbmLearning =
        {
            Steps = 1
            Persistent = None
            Update = RbmUpdate.MeanField
            Centred = None
            Sparsity = None
            Binarisation = Binarisation.None
        }

    let private check (learning: RbmLearning) =
        if learning.Steps < 1 then
            Errors.option "steps" $"{learning.Steps}" "1 or more" ""

        match learning.Persistent with
        | Some chains when chains < 1 -> Errors.option "persistent" $"{chains} chains" "1 or more" ""
        | _ -> ()

        match learning.Centred with
        | Some share when not (share > 0.0 && share <= 1.0) -> Errors.option "centred" $"{share}" "more than 0, at most 1" ""
        | _ -> ()

        match learning.Sparsity with
        | Some { Target = target; Cost = cost } when not (target > 0.0 && target < 1.0 && cost >= 0.0) ->
            Errors.option "sparsity" $"target {target}, cost {cost}" "a target between 0 and 1, a cost of 0 or more" ""
        | _ -> ()

    /// A machine with what its learning carries from step to step. Chains begin at even odds, offsets at the means of the machine's own
    /// biases. Errors: option, when a number of the learning is out of its range.
    let start (learning: RbmLearning) (key: Key) (rbm: Rbm) : RbmTraining =
        check learning
        let visible, hidden = Rbm.visibleCount rbm, Rbm.hiddenCount rbm
        let carry tensor : Carried = { Carried = tensor }

        let offsets _ =
            let mean = Rbm.visibleMean rbm (Tensor.zeros rbm.Weight.DType [ 1; hidden ])

            {
                Visible = carry (Tensor.reshape [ visible ] mean)
                Hidden = carry (Tensor.reshape [ hidden ] (Rbm.hiddenMean rbm mean))
            }

        {
            Rbm = rbm
            Chains = learning.Persistent |> Option.map (Rbm.evenOdds key rbm >> carry)
            Offsets = learning.Centred |> Option.map offsets
        }

    /// A machine that begins with what is known of the rows: each visible unit has its mean over them by itself. Errors: as of `start`.
    let startFrom (learning: RbmLearning) (key: Key) (rows: Dataset) (rbm: Rbm) : RbmTraining =
        let values = Tensor.ofFloat32s [ rows.Count; rows.RowSize ] rows.Features
        start learning key (Rbm.withMeans (Tensor.meanOver [ 0 ] values) rbm)

    /// The ends of a step's chains: [batch; visible] → both.
    let internal ends (learning: RbmLearning) (training: RbmTraining) (key: Key) (x: Tensor) : RbmEnds =
        match Key.split 3 key with
        | [ pixels; up; chain ] ->
            let rows = Binarisation.each learning.Binarisation pixels x
            let hidden = Rbm.sampleHidden up training.Rbm rows

            let first =
                match training.Chains with
                | Some chains -> chains.Carried
                | None -> hidden

            let chainRows, chainHidden =
                Rbm.continueGibbs learning.Steps chain training.Rbm first

            {
                Rows = rows
                Hidden = hidden
                ChainRows = chainRows
                ChainHidden = chainHidden
            }
        | _ -> Errors.state "RbmObjective" "another number of keys" "3" ""

    /// What the machine descends on with both ends of the chain given.
    let private contrasted (learning: RbmLearning) (ends: RbmEnds) (rbm: Rbm) : Tensor =
        let difference =
            match learning.Update with
            | RbmUpdate.Sampled ->
                Tensor.mean (Rbm.energy rbm ends.Rows ends.Hidden)
                - Tensor.mean (Rbm.energy rbm ends.ChainRows ends.ChainHidden)
            | RbmUpdate.MeanField ->
                Tensor.mean (Rbm.freeEnergy rbm ends.Rows)
                - Tensor.mean (Rbm.freeEnergy rbm ends.ChainRows)

        match learning.Sparsity with
        | None -> difference
        | Some sparsity ->
            let mean = Tensor.meanOver [ 0 ] (Rbm.hiddenMean rbm ends.Rows)
            difference + sparsity.Cost * Tensor.sum (Tensor.square (sparsity.Target - mean))

    /// The gradient of the same machine with its energy written in v − μ and h − λ, as a direction for the parameters of the energy as it
    /// is (Montavon & Müller 2012; Melchior, Fischer & Wiskott 2016): W − Δv·λᵀ − μ·Δhᵀ for the weights, and the biases follow them so that
    /// what units take in at the offsets does not depend on the weights.
    let private centred (rbm: Rbm) (offsets: RbmOffsets) (gradient: Rbm) : Rbm =
        let mu = Rbm.seen rbm offsets.Visible.Carried
        let lambda = offsets.Hidden.Carried

        let weight =
            gradient.Weight
            - Tensor.outer gradient.VisibleBias lambda
            - Tensor.outer mu gradient.HiddenBias

        { gradient with
            Weight = weight
            VisibleBias = gradient.VisibleBias - Tensor.mv weight lambda
            HiddenBias = gradient.HiddenBias - Tensor.mv (Tensor.transpose weight) mu
        }

    /// What is descended along, with both ends of the chain and the offsets given.
    let internal direction (learning: RbmLearning) (ends: RbmEnds) (offsets: RbmOffsets option) (rbm: Rbm) : Rbm =
        gradient (contrasted learning ends) rbm |> Option.foldBack (centred rbm) offsets

    /// The offsets after a batch.
    let private slide (share: float) (rbm: Rbm) (rows: Tensor) (offsets: RbmOffsets) : RbmOffsets =
        let toward (mean: Tensor) (offset: Carried) : Carried =
            {
                Carried = offset.Carried + share * (mean - offset.Carried)
            }

        {
            Visible = offsets.Visible |> toward (Tensor.meanOver [ 0 ] rows)
            Hidden = offsets.Hidden |> toward (Tensor.meanOver [ 0 ] (Rbm.hiddenMean rbm rows))
        }

    /// The loss's value, and the numbers to report beside it.
    let private measure key (rbm: Rbm) (ends: RbmEnds) : Tensor * (string * Tensor) list =
        let restored = Rbm.visibleMean rbm ends.Hidden
        let freeEnergy = Tensor.mean (Rbm.freeEnergy rbm ends.Rows)

        let gap = freeEnergy - Tensor.mean (Rbm.freeEnergy rbm ends.ChainRows)

        let energies = [ "free_energy", freeEnergy; "free_energy_gap", gap ]

        match rbm.Units with
        | BernoulliUnits ->
            let isOn (x: Tensor) = Tensor.ge x (Tensor.fullLike x 0.5)

            let likelihood =
                PseudoLikelihood.estimate key rbm ends.Rows (Rbm.hiddenInput rbm ends.Rows)
                |> Tensor.mean

            -likelihood,
            [
                "reconstruction_error", Tensor.mean (Tensor.ne (isOn restored) (isOn ends.Rows))
                "pseudo_likelihood", likelihood
            ]
            @ energies
        | GaussianUnits _ ->
            let error = Tensor.mean (Loss.meanSquared restored ends.Rows)
            error, ("reconstruction_error", error) :: energies

    /// One batch of learning: [batch; visible] → the loss and what is carried on. The loss's value is −pseudo_likelihood of Bernoulli
    /// units, the mean squared reconstruction_error of Gaussian ones; its slope is the rule's: descent by plain gradients at some rate is
    /// the rule at that rate. Beside it are reported
    /// reconstruction_error, the share of units on the wrong side of ½ in the means given drawn hidden states (of Gaussian units the mean
    /// of (v − v̂)²); pseudo_likelihood, the estimate of `PseudoLikelihood` in nats a row; free_energy, the mean of F over the rows; and
    /// free_energy_gap, that less the mean of F at the chain's end.
    let contrast (learning: RbmLearning) (training: RbmTraining) (key: Key) (x: Tensor) : Outcome<RbmTraining> =
        let draws, units = Key.pair key
        let before = stopGradient training
        let rbm = before.Rbm
        let ends = ends learning before draws x

        let offsets =
            Option.map2 (fun share -> slide share rbm ends.Rows) learning.Centred before.Offsets

        // The value of this is 0, its slope the direction.
        let descent =
            Array.map2
                (fun direction (parameter: Tensor) -> Tensor.sum (direction * (parameter - Tensor.stopGradient parameter)))
                (Tree.trained (direction learning ends offsets rbm))
                (Tree.trained training.Rbm)
            |> Array.reduce (+)

        let value, reported = measure units rbm ends

        {
            Loss = value + descent
            Reported = reported
            Carried =
                { training with
                    Chains = training.Chains |> Option.map (fun _ -> { Carried = ends.ChainHidden })
                    Offsets = offsets
                }
        }

    /// The objective. Of held-out rows the same is measured, with chains that begin at them.
    let create (learning: RbmLearning) : Objective<RbmTraining> =
        {
            Loss = fun training input -> contrast learning training input.Key input.Batch.Rows
            Evaluate =
                fun training key batch ->
                    let draws, units = Key.pair key
                    let ends = ends learning { training with Chains = None } draws batch.Rows
                    let value, reported = measure units training.Rbm ends
                    ("loss", value) :: reported
        }
