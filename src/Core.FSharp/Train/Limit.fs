namespace Functional.Core

open System

/// The largest size that a number may have before a training has diverged.
type internal Limit = { Name: string; Most: float }

[<RequireQualifiedAccess>]
module internal Limit =
    /// The name of the length of the gradient, which every training has.
    [<Literal>]
    let GradientNorm = "gradient_norm"

    /// Going back halves the rate as long as its factor is more than this.
    [<Literal>]
    let LeastRateFactor = 0.001

    /// What is minimised has to be finite.
    let private ofLoss =
        {
            Name = "loss"
            Most = Double.MaxValue
        }

    /// The limits of a step that reports these names: that of what it minimises, then those asked for. Where a phase does not report a
    /// number its limit does not count.
    let among (names: string list) (limits: (string * float) list) : Limit list =
        ofLoss
        :: [
            for name, most in limits do
                if name = GradientNorm || List.contains name names then
                    { Name = name; Most = most }
        ]

    /// Refuses a limit that is not more than 0, or on a number that nothing reports.
    let check (names: string list) (limits: (string * float) list) =
        for name, most in limits do
            if not (most > 0.0) then
                Errors.option "limits" $"{name} of {most}" "more than 0" ""

            let known = GradientNorm :: names

            if not (List.contains name known) then
                Errors.option "limits" $"'{name}'" $"""one of {String.concat ", " known}""" (Suggest.fix known name)

    let private most (limits: Limit list) =
        limits |> List.map _.Most |> List.toArray

    /// 1 where no number is beyond its limit or not finite, else 0: float64 [limits] → scalar.
    let hold (limits: Limit list) (numbers: Tensor) : Tensor =
        Tensor.le (Tensor.abs numbers) (Tensor.ofValues Float64 [ limits.Length ] (most limits))
        |> Tensor.min

    /// The first limit that a number is beyond, in words, if there is one.
    let rec broken (limits: Limit list) (numbers: Span<float>) : string option =
        match limits with
        | [] -> None
        | limit :: others ->
            let number = numbers[0]

            if abs number <= limit.Most then
                broken others (numbers.Slice 1)
            elif Double.IsFinite number then
                Some $"{limit.Name} of {number:G4}, beyond its limit of {limit.Most:G4}"
            else
                Some $"a {limit.Name} that is not finite"
