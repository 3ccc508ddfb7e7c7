namespace Functional.Core

/// How often each class was taken for each: entry [label, predicted] counts rows.
type Confusion = { Counts: int[,] }

[<RequireQualifiedAccess>]
module Confusion =
    /// Counts of predictions beside labels, both 0 up to `classes` − 1, one a row.
    let create (classes: int) (labels: int[]) (predicted: int[]) : Confusion =
        if labels.Length <> predicted.Length then
            Errors.shape "confusion" $"{labels.Length} labels and {predicted.Length} predictions" "one of each a row" ""

        let counts = Array2D.zeroCreate classes classes

        for label, guess in Seq.zip labels predicted do
            if label < 0 || label >= classes || guess < 0 || guess >= classes then
                Errors.option "confusion" $"label {label} and prediction {guess}" $"0 to {classes - 1}" ""

            counts[label, guess] <- counts[label, guess] + 1

        { Counts = counts }

    let private classes (confusion: Confusion) = Array2D.length1 confusion.Counts

    /// The rows of each class.
    let rowsByClass (confusion: Confusion) : int[] =
        Array.init (classes confusion) (fun label -> Array.sum confusion.Counts[label, *])

    /// The rows of each class that were taken for another.
    let errorsByClass (confusion: Confusion) : int[] =
        rowsByClass confusion
        |> Array.mapi (fun label rows -> rows - confusion.Counts[label, label])

    /// The share of rows that were taken for what they are, 0 to 1; not a number when there are none.
    let accuracy (confusion: Confusion) : float =
        let rows = Array.sum (rowsByClass confusion)
        1.0 - float (Array.sum (errorsByClass confusion)) / float rows
