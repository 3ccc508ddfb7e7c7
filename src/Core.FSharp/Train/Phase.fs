namespace Functional.Core

/// A stretch of training with an objective of its own. The optimizer begins anew in each, and the best value is looked for anew.
type Phase<'P> =
    {
        Objective: Objective<'P>
        /// Epochs that it lasts, 1 or more; the last phase lasts to the end of the training.
        Epochs: int
        /// Beginnings of the paths of parameters that stay as they are, as in Encoder.Layers.0.
        Frozen: string list
        /// Where it is not that of the training.
        Optimizer: Optimizer option
        /// Those of the training's rows that it is trained on.
        Rows: Dataset -> Dataset
    }

[<RequireQualifiedAccess>]
module Phase =
    /// A phase that trains all parameters on all rows, with the optimizer of the training.
    let make (epochs: int) (objective: Objective<'P>) : Phase<'P> =
        {
            Objective = objective
            Epochs = epochs
            Frozen = []
            Optimizer = None
            Rows = id
        }

    /// A training that is one phase.
    let only (objective: Objective<'P>) : Phase<'P> list = [ make 1 objective ]

    /// The phase of epoch number `epoch`.
    let internal at (phases: Phase<'P> list) (epoch: int) : int =
        let rec find index first =
            let last = first + phases[index].Epochs

            if index = phases.Length - 1 || epoch < last then
                index
            else
                find (index + 1) last

        find 0 0

    /// Refuses phases that do not fit into the epochs of the training.
    let internal check (phases: Phase<'P> list) epochs =
        let before = phases |> List.take (phases.Length - 1) |> List.sumBy _.Epochs

        if before >= epochs then
            Errors.option "epochs" $"{epochs}" $"more than {before}, which the phases before the last one take" ""
