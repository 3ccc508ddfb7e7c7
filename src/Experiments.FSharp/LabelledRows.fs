namespace Functional.Experiments

open Functional
open Functional.Core

/// Rows with labels, as the core's training takes them.
[<RequireQualifiedAccess>]
module internal LabelledRows =
    /// The rows of a set that has labels.
    let toSet name (rows: DataRows) : Dataset =
        Dataset.create name (Seq.toArray rows.RowShape) (rows.Values.ToArray())
        |> Dataset.withLabels (Seq.toArray (nonNull rows.Labels))
