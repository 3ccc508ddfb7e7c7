namespace Functional.Core

/// What replicas at the inverse temperature 0 are drawn from; the others lie between it and the machine.
type TemperingBase =
    /// The machine without its weights: units by themselves, with their biases. Σ v·W·h alone is scaled.
    | BiasesAlone
    /// All states alike: the whole energy is scaled. For Bernoulli units.
    | AllAlike

/// Replicas of parallel tempering.
type TemperingOptions =
    {
        /// β of each replica in ascending order: from 0 or more to 1, two or more.
        InverseTemperatures: float list
        Base: TemperingBase
    }

/// Replicas between two steps.
type TemperingState =
    {
        /// Visible states, replica after replica, the coldest (β = 1) last: [replicas·chains; visible].
        Visible: Tensor
        /// How many steps there were: int32 scalar.
        Turn: Tensor
    }

/// What a step of parallel tempering tells.
type TemperingInfo =
    {
        /// The probability with which neighbours may change places, mean over chains: [replicas − 1].
        SwapAcceptance: Tensor
    }

/// Chains that draw visible states of a restricted Boltzmann machine.
[<RequireQualifiedAccess>]
module RbmSampler =
    /// Block Gibbs: all hidden units given the visible ones, then all visible units given these. The state is the visible units
    /// [chains; visible], and a step has nothing to tell, since each draw is taken.
    let gibbs (rbm: Rbm) : Sampler<Tensor, unit> =
        {
            Init = id
            Step = fun key v -> fst (Rbm.gibbs 1 key rbm v), ()
            Position = id
        }

    /// That many replicas with inverse temperatures evenly from 0 to 1, over units by themselves; two or more.
    let replicas (count: int) : TemperingOptions =
        {
            InverseTemperatures = [ for i in 0 .. count - 1 -> float i / float (count - 1) ]
            Base = BiasesAlone
        }

    let private check (options: TemperingOptions) (rbm: Rbm) =
        let betas = options.InverseTemperatures

        let areInOrder =
            betas.Length >= 2
            && betas.Head >= 0.0
            && List.last betas = 1.0
            && betas |> List.pairwise |> List.forall (fun (hotter, colder) -> hotter < colder)

        if not areInOrder then
            Errors.option "InverseTemperatures" $"%A{betas}" "two numbers or more in ascending order, from 0 or more to 1" ""

        match options.Base, rbm.Units with
        | AllAlike, GaussianUnits _ ->
            Errors.option "Base" "AllAlike for Gaussian units" "BiasesAlone" "real numbers that are all alike have no distribution"
        | _ -> ()

    let private replicaCount (options: TemperingOptions) = options.InverseTemperatures.Length

    /// β of each row, and what it multiplies biases by: [replicas·chains; 1] each.
    let private scales (options: TemperingOptions) dtype chains =
        let count = replicaCount options

        let beta =
            Tensor.ofValues dtype [ count; 1 ] (List.toArray options.InverseTemperatures)
            |> Tensor.broadcast [ count; chains ]
            |> Tensor.reshape [ count * chains; 1 ]

        match options.Base with
        | AllAlike -> beta, beta
        | BiasesAlone -> beta, Tensor.onesLike beta

    /// One Gibbs turn at each temperature: visible states [replicas·chains; visible], and the part of the energy that β scales,
    /// [replicas; chains].
    let private turn (options: TemperingOptions) (rbm: Rbm) key (v: Tensor) =
        let up, down = Key.pair key
        let chains = v.Shape[0] / replicaCount options
        let beta, ofBiases = scales options v.DType chains

        // Weights and biases are scaled apart, for the biases may have to stay.
        let unbiased =
            { rbm with
                VisibleBias = Tensor.zerosLike rbm.VisibleBias
                HiddenBias = Tensor.zerosLike rbm.HiddenBias
            }

        let h =
            Sample.bernoulli up (Tensor.sigmoid (beta * Rbm.hiddenInput unbiased v + ofBiases * rbm.HiddenBias))

        let input = Rbm.visibleInput unbiased h
        let v = Rbm.drawVisible down rbm (beta * input + ofBiases * rbm.VisibleBias)
        let between = Chains.sums (Rbm.seen rbm v * input)

        let scaled =
            match options.Base with
            | BiasesAlone -> -between
            | AllAlike -> -(between + Chains.sums (v * rbm.VisibleBias) + Chains.sums (h * rbm.HiddenBias))

        v, Tensor.reshape [ replicaCount options; chains ] scaled

    /// The probability with which each replica may change places with the next colder one, from the scaled energies [replicas; chains]:
    /// [replicas − 1; chains].
    let private swapProbability (options: TemperingOptions) (energy: Tensor) =
        let pairs = replicaCount options - 1

        let gaps =
            List.pairwise options.InverseTemperatures
            |> List.map (fun (hotter, colder) -> hotter - colder)

        let logRatio =
            Tensor.ofValues energy.DType [ pairs; 1 ] (List.toArray gaps)
            * (Tensor.slice 0 0 pairs energy - Tensor.slice 0 1 pairs energy)

        Tensor.exp (Tensor.minimum logRatio (Tensor.zerosLike logRatio))

    /// 1 for the pairs whose turn it is, else 0: [pairs; 1].
    let private takesTurn dtype pairs (turn: Tensor) =
        let parity = (Tensor.arange pairs + turn) % 2.0

        Tensor.eq parity (Tensor.zerosLike parity)
        |> Tensor.cast dtype
        |> Tensor.unsqueeze 1

    /// The rows after the swaps, by the number of the row that each takes its state from: int32 [replicas·chains].
    let private sources (swapped: Tensor) =
        let pairs, chains = swapped.Shape[0], swapped.Shape[1]
        let nobody = Tensor.zeros swapped.DType [ 1; chains ]
        let withColder = Tensor.concatenate 0 [ swapped; nobody ]
        let withHotter = Tensor.concatenate 0 [ nobody; swapped ]
        let away = Tensor.cast Int32 (Tensor.flatten (withColder - withHotter))
        Tensor.arange ((pairs + 1) * chains) + float chains * away

    /// Parallel tempering (Desjardins et al. 2010; Cho, Raiko & Ilin 2010): every replica makes a Gibbs turn at its inverse temperature β,
    /// all in one product, then neighbours change places with probability min(1, e^((β − β')·(S − S'))), S being the part of E(v, h) that
    /// β scales. Pairs that begin at an even and at an odd replica take turns. Where Gibbs chains alone stay in one mode, the hot replicas
    /// cross between modes and hand over what they find. All replicas begin where the chains do; the position is that of the coldest ones.
    /// Errors: option, for inverse temperatures out of order and for a base that Gaussian units do not have.
    let tempered (options: TemperingOptions) (rbm: Rbm) : Sampler<TemperingState, TemperingInfo> =
        check options rbm
        let count = replicaCount options

        let step key state =
            let turnKey, swapKey = Key.pair key
            let v, energy = turn options rbm turnKey state.Visible
            let probability = swapProbability options energy

            let swapped =
                Sample.bernoulli swapKey (probability * takesTurn v.DType (count - 1) state.Turn)

            {
                Visible = Tensor.gatherRows (sources swapped) v
                Turn = state.Turn + 1.0
            },
            {
                SwapAcceptance = Tensor.meanOver [ 1 ] probability
            }

        let start (v: Tensor) =
            {
                Visible = Tensor.concatenate 0 (List.replicate count v)
                Turn = Tensor.ofInt32s [] [| 0 |]
            }

        let coldest state =
            let chains = state.Visible.Shape[0] / count
            Tensor.slice 0 ((count - 1) * chains) chains state.Visible

        {
            Init = start
            Step = step
            Position = coldest
        }
