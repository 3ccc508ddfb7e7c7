namespace Functional.Core

/// How grey levels in [0, 1] become black or white before a model learns them. Likelihoods of different ways can not be compared.
[<RequireQualifiedAccess>]
type Binarisation =
    /// They stay as they are.
    | None
    /// 1 from ½ on, else 0.
    | Threshold
    /// 1 with the level as its probability, drawn once for all epochs (Salakhutdinov & Murray 2008).
    | Static
    /// 1 with the level as its probability, drawn anew at every step (Burda, Grosse & Salakhutdinov 2016).
    | Dynamic

[<RequireQualifiedAccess>]
module Binarisation =
    /// What happens to a set before training: thresholds and static draws. `key` is used by the latter alone.
    let once (binarisation: Binarisation) key (set: Dataset) : Dataset =
        match binarisation with
        | Binarisation.None
        | Binarisation.Dynamic -> set
        | Binarisation.Threshold -> set |> Dataset.map (fun _ level -> if level >= 0.5f then 1.0f else 0.0f)
        | Binarisation.Static ->
            set
            |> Dataset.map (fun i level ->
                if Threefry.uniform key (int64 i) < level then
                    1.0f
                else
                    0.0f)

    /// What happens to the rows of each step: dynamic draws. Any shape → the same shape.
    let each (binarisation: Binarisation) (key: Key) (rows: Tensor) : Tensor =
        match binarisation with
        | Binarisation.None
        | Binarisation.Threshold
        | Binarisation.Static -> rows
        | Binarisation.Dynamic -> Sample.bernoulli key rows
