namespace Functional.Core

/// What a network is used for. Dropout, noise and batch normalisation do one thing in training and another in use.
[<RequireQualifiedAccess>]
type Mode =
    /// Learning: layers draw from the key, and statistics follow the batch.
    | Train of Key
    /// Use: the same result for the same rows, whatever other rows are in the batch.
    | Infer

[<RequireQualifiedAccess>]
module Mode =
    /// The mode of part `i` of what is used: parts draw apart from one another.
    let part (i: int) (mode: Mode) =
        match mode with
        | Mode.Train key -> Mode.Train(Key.foldIn i key)
        | Mode.Infer -> Mode.Infer
