namespace Functional.Core

/// How a variational autoencoder is trained.
type VaeObjective =
    {
        /// The weight of the KL, 0 or more: 1 is the bound on the evidence.
        Beta: float
        /// A factor on it that changes with the steps, such as Warmup.
        BetaSchedule: RateSchedule
        /// Codes drawn for each row, 1 or more. With one the loss is the bound with its KL in closed form; with k it is the
        /// importance-weighted bound of k codes.
        ImportanceSamples: int
        Binarisation: Binarisation
    }

/// What training of a variational autoencoder minimises and reports: loss, reconstruction, kl and active_units.
[<RequireQualifiedAccess>]
module VaeObjective =
    /// β = 1 throughout, one code a row, rows as they are.
    let defaults =
        {
            Beta = 1.0
            BetaSchedule = Constant
            ImportanceSamples = 1
            Binarisation = Binarisation.None
        }

    /// β at a step, counted from 0: a float64 scalar from an int32 scalar.
    let betaAt (options: VaeObjective) (step: Tensor) : Tensor =
        options.Beta * RateSchedule.factor options.BetaSchedule step

    /// The mean over rows of reconstruction + β·KL, or of the importance-weighted bound with β on the log-ratio of prior and posterior.
    let private lossOf (beta: Tensor) (pass: VaePass) (kl: Tensor) : Tensor =
        if pass.Costs.Shape[0] = 1 then
            Tensor.mean (Tensor.squeeze 0 pass.Costs + beta * kl)
        else
            -(Tensor.mean (Vae.meanWeight (Vae.logWeights beta pass)))

    let private outcome (options: VaeObjective) (beta: Tensor) (mode: Key -> Mode) key (vae: Vae) (batch: Batch) : Outcome<Vae> =
        let inputs, layers = Key.pair key
        let draws, pixels = Key.pair inputs
        let rows = Binarisation.each options.Binarisation pixels batch.Rows
        let pass = Vae.pass (mode layers) options.ImportanceSamples draws vae rows
        let kl = Tensor.sumOver [ 1 ] (Vae.klByDimension pass.Code)

        {
            Loss = lossOf (Tensor.cast kl.DType beta) pass kl
            Reported =
                [
                    "reconstruction", Tensor.mean pass.Costs
                    "kl", Tensor.mean kl
                    "active_units", Vae.activeUnits pass.Code
                ]
            Carried = pass.Carried
        }

    /// The objective. Held-out rows are measured with the whole β, whatever the step.
    let create (options: VaeObjective) : Objective<Vae> =
        {
            Loss = fun vae input -> outcome options (betaAt options input.Step) Mode.Train input.Key vae input.Batch
            Evaluate =
                fun vae key batch ->
                    let whole = Tensor.full Float64 [] options.Beta
                    let found = outcome options whole (fun _ -> Mode.Infer) key vae batch
                    ("loss", found.Loss) :: found.Reported
        }
