namespace Functional.Core

/// What samplers of a batch of chains have in common: one number a chain, and chains that stay while others move.
[<RequireQualifiedAccess>]
module internal Chains =
    /// The numbers of each chain in a row: [chains; ...] → [chains; numbers].
    let private rows (x: Tensor) =
        Tensor.reshape [ x.Shape[0]; x.Count / max 1 x.Shape[0] ] x

    /// The energy of each chain, whether the function gives [chains] or [chains; 1]: [chains; ...] → [chains].
    /// Errors: shape, when it gives another count.
    let energies (energy: Tensor -> Tensor) (x: Tensor) : Tensor =
        let found = energy x

        if x.Rank = 0 || found.Count <> x.Shape[0] then
            Errors.shape
                "sampler"
                $"an energy of {Errors.show found.Shape} for chains of {Errors.show x.Shape}"
                "one number for each chain, which the first axis counts"
                "sum over the other axes"

        Tensor.reshape [ found.Count ] found

    /// The gradient of each chain's energy at its place, which is that of their sum: [chains; ...] → the same.
    let gradients (energy: Tensor -> Tensor) (x: Tensor) : Tensor =
        gradient (fun x -> Tensor.sum (energies energy x)) x

    /// `gradients`, with the energies from the same pass.
    let energiesAndGradients (energy: Tensor -> Tensor) (x: Tensor) : Tensor * Tensor =
        let total x =
            let each = energies energy x
            Tensor.sum each, each

        let (_, each), gradients = valueAndGradWith total x
        each, gradients

    /// 1 for each chain all of whose numbers are finite, else 0: [chains; ...] → [chains].
    let finite (x: Tensor) : Tensor =
        let isFinite = Tensor.lt (Tensor.abs x) (Tensor.fullLike x infinity)
        Tensor.minOver [ 1 ] (rows isFinite)

    /// Sums over the numbers of each chain: [chains; ...] → [chains].
    let sums (x: Tensor) : Tensor = Tensor.sumOver [ 1 ] (rows x)

    /// Where chains that `moved` (1 or 0, [chains]) are at the proposal, and the others where they were: [chains; ...].
    let advance (moved: Tensor) (proposal: Tensor) (current: Tensor) : Tensor =
        let each = Array.create proposal.Rank 1
        each[0] <- moved.Count
        Tensor.where (Tensor.reshape each moved) proposal current
