namespace Functional.Core

/// The name that a person probably meant.
[<RequireQualifiedAccess>]
module Suggest =
    /// Insertions, deletions, replacements and exchanges of neighbours that turn `a` into `b` (Damerau 1964).
    let distance (a: string) (b: string) =
        let next (before: int[], previous: int[]) (i: int) =
            let row = Array.create previous.Length i

            for j in 1 .. b.Length do
                let replaced = previous[j - 1] + (if a[i - 1] = b[j - 1] then 0 else 1)
                row[j] <- min replaced (1 + min previous[j] row[j - 1])

                if i > 1 && j > 1 && a[i - 1] = b[j - 2] && a[i - 2] = b[j - 1] then
                    row[j] <- min row[j] (before[j - 2] + 1)

            previous, row

        Array.fold next ([||], [| 0 .. b.Length |]) [| 1 .. a.Length |]
        |> snd
        |> Array.last

    /// The candidate nearest to `name`, unless every one differs in more than half of its letters.
    let nearest (candidates: string seq) (name: string) =
        candidates
        |> Seq.map (fun candidate -> candidate, distance (name.ToLowerInvariant()) (candidate.ToLowerInvariant()))
        |> Seq.filter (fun (candidate, distance) -> 2 * distance <= candidate.Length)
        |> Seq.sortBy snd
        |> Seq.tryHead
        |> Option.map fst

    /// "perhaps you meant NAME", or "" when no candidate is near: the fix of an error message.
    let fix candidates name =
        match nearest candidates name with
        | Some candidate -> $"perhaps you meant {candidate}"
        | None -> ""
