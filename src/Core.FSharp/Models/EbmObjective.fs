namespace Functional.Core

/// How an energy is trained.
type EbmObjective =
    {
        /// Steps of each chain, 0 or more.
        Steps: int
        Chain: LangevinOptions
        Buffer: ReplayBufferOptions
        /// The weight α of the squares of the energies, 0 or more.
        Alpha: float
        /// The deviation of the noise on the real rows, 0 or more.
        RealNoise: float
    }

/// A model of any kind with the chains that its training goes on with.
type EbmTraining<'M> = { Model: 'M; Buffer: ReplayBuffer }

/// What the training of an energy minimises and reports. Rows are likely where their energy is low, p(x) ∝ e^(−E(x)), throughout; so the
/// gradient of the mean of −log p over the data is that of cdiv = mean E(real) − mean E(fake), where the fakes are drawn from p by chains
/// (Hinton 2002). The article's network gives −E, and so do the outputs of `Ebm`.
[<RequireQualifiedAccess>]
module EbmObjective =
    /// The article's: 60 steps, α = 0.1, noise of 0.005 on the real rows.
    let defaults =
        {
            Steps = 60
            Chain = Langevin.article
            Buffer = ReplayBuffer.defaults
            Alpha = 0.1
            RealNoise = 0.005
        }

    /// The ends of chains of `Steps` steps down an energy; step i draws from `foldIn i key`. [chains; ...] → [chains; ...].
    let chain (options: EbmObjective) (energy: Tensor -> Tensor) (key: Key) (start: Tensor) : Tensor =
        let step number =
            Langevin.step options.Chain energy (Key.foldInTensor number key)

        Loop.iterate options.Steps step start

    /// Rows with the noise of training, within the bounds of the chains.
    let private noisy (options: EbmObjective) key (rows: Tensor) =
        let noise = options.RealNoise * Sample.normal key rows.DType rows.Shape

        match options.Chain.Range with
        | Some(low, high) -> Tensor.clamp low high (rows + noise)
        | None -> rows + noise

    /// The share of numbers that lie at a bound of the chains.
    let private saturation (options: EbmObjective) (rows: Tensor) =
        match options.Chain.Range with
        | Some(low, high) ->
            let isAt (bound: float) =
                Tensor.eq rows (Tensor.fullLike rows bound)

            [ "saturation", Tensor.mean (isAt low + isAt high) ]
        | None -> []

    /// cdiv + α·reg, and the numbers that it comes from, of energies: two times [rows].
    let private contrast (options: EbmObjective) (real: Tensor) (fake: Tensor) =
        let cdiv = Tensor.mean real - Tensor.mean fake
        let reg = Tensor.mean (Tensor.square real + Tensor.square fake)

        cdiv + options.Alpha * reg,
        [
            "cdiv", cdiv
            "reg", reg
            "energy_real", Tensor.mean real
            "energy_fake", Tensor.mean fake
        ]

    /// What a kind of model adds to the loss for real rows, and the numbers to report of it.
    type private Addition<'M> = 'M -> Tensor -> Batch -> Tensor list * (string * Tensor) list

    let private outcome (options: EbmObjective) (energy: 'M -> Tensor -> Tensor) (add: Addition<'M>) training (input: StepInput) =
        match Key.split 3 input.Key with
        | [ noiseKey; startKey; chainKey ] ->
            let count = input.Batch.Rows.Shape[0]
            let real = noisy options noiseKey input.Batch.Rows

            // The chain draws from the model; what it draws is data to the loss.
            let fake =
                ReplayBuffer.draw options.Buffer startKey count training.Buffer
                |> chain options (energy (stopGradient training.Model)) chainKey
                |> Tensor.stopGradient

            let loss, reported =
                contrast options (energy training.Model real) (energy training.Model fake)

            let additions, reportedToo = add training.Model real input.Batch

            {
                Loss = List.fold (+) loss additions
                Reported = reported @ saturation options fake @ reportedToo
                Carried =
                    { training with
                        Buffer = ReplayBuffer.store fake training.Buffer
                    }
            }
        | _ -> Errors.state "EbmObjective" "another number of keys" "3" ""

    /// The numbers of held-out rows, with fakes whose chains begin in noise, so that no buffer is needed. Energy_noise is that of the noise.
    let private measure (options: EbmObjective) (energy: 'M -> Tensor -> Tensor) (add: Addition<'M>) (model: 'M) key (batch: Batch) =
        let noiseKey, chainKey = Key.pair key

        let start =
            ReplayBuffer.noise options.Buffer noiseKey batch.Rows.DType batch.Rows.Shape

        let fake = chain options (energy model) chainKey start

        let loss, reported = contrast options (energy model batch.Rows) (energy model fake)

        let additions, reportedToo = add model batch.Rows batch

        [
            "loss", List.fold (+) loss additions
            yield! reported
            "energy_noise", Tensor.mean (energy model start)
            yield! saturation options fake
            yield! reportedToo
        ]

    let private check (options: EbmObjective) =
        for name, number in
            [
                "chain-steps", float options.Steps
                "alpha", options.Alpha
                "real-noise", options.RealNoise
            ] do
            if not (number >= 0.0) then
                Errors.option name $"{number}" "0 or more" ""

    let private withAddition options energy add : Objective<EbmTraining<'M>> =
        check options

        {
            Loss = outcome options energy add
            Evaluate = fun training -> measure options energy add training.Model
        }

    /// The objective of any energy, a function of the model's parameters and rows: [batch; ...] → [batch]. It minimises cdiv + α·reg, with
    /// reg = mean E(real)² + mean E(fake)², and reports cdiv, reg, energy_real, energy_fake and saturation, the share of the numbers at the
    /// chains' ends that lie at a bound. The chains begin in the buffer, and the buffer keeps their ends. Held-out rows are compared with
    /// chains that begin in noise, and energy_noise is reported too.
    let create (options: EbmObjective) (energy: 'M -> Tensor -> Tensor) : Objective<EbmTraining<'M>> =
        withAddition options energy (fun _ _ _ -> [], [])

    /// What the layers ask for their weights, and with classes the cross-entropy of the labels.
    let private additionOf (classWeight: float) : Addition<Ebm> =
        fun model rows batch ->
            let price = Option.toList (Ebm.price model)

            if Ebm.classes model = 0 then
                price, []
            else
                let outputs = Ebm.logits model rows
                let entropy = Classifier.loss [] batch outputs

                classWeight * entropy :: price, [ "cross_entropy", entropy; "accuracy", Classifier.accuracy batch outputs ]

    /// The objective of a network. One with classes is a classifier as well (Grathwohl et al. 2020): the loss has `classWeight` times the
    /// cross-entropy of its labels, which is reported with the accuracy.
    let ofNetwork (options: EbmObjective) (classWeight: float) : Objective<EbmTraining<Ebm>> =
        withAddition options Ebm.energy (additionOf classWeight)
