namespace Functional.Core

/// A stretch of training with an objective of its own. The optimizer begins anew in each, and the best value is looked for anew.
type Phase<'P> =
    {
        Objective: Objective<'P>
        /// Epochs that it lasts, 1 or more; the last phase lasts to the end of the training.
        Epochs: int
        /// Beginnings of the paths of parameters that stay as they are, as in Encoder.Layers.0.
        Frozen: string list
    }

[<RequireQualifiedAccess>]
module Phase =
    /// A training that is one phase.
    let only (objective: Objective<'P>) : Phase<'P> list =
        [
            {
                Objective = objective
                Epochs = 1
                Frozen = []
            }
        ]

    /// The phase of epoch number `epoch`, and whether the epoch is its first.
    let internal at (phases: Phase<'P> list) (epoch: int) : int * bool =
        let rec find index first =
            if index = phases.Length - 1 || epoch < first + phases[index].Epochs then
                index, epoch = first
            else
                find (index + 1) (first + phases[index].Epochs)

        find 0 0

    /// Refuses phases that do not fit into the epochs of the training.
    let internal check (phases: Phase<'P> list) epochs =
        let before = phases |> List.take (phases.Length - 1) |> List.sumBy _.Epochs

        if before >= epochs then
            Errors.option "epochs" $"{epochs}" $"more than {before}, which the phases before the last one take" ""
