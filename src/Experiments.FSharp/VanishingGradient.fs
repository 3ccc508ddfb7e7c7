namespace Functional.Experiments

open Functional
open Functional.Core

/// Five sigmoid units in a row: input 1, weights 1, −2, −2, −2, 1, no biases, target ½, error ½ (y₅ − ½)². The lecture prints every
/// output yᵢ = sigmoid(wᵢ yᵢ₋₁) and every ∂E/∂wᵢ: the farther a weight is from the error, the smaller its gradient.
[<RequireQualifiedAccess>]
module VanishingGradient =
    let private weights = [ 1.0; -2.0; -2.0; -2.0; 1.0 ]

    let private publishedOutputs =
        [
            0.731058578630005
            0.188143725087062
            0.407022630083087
            0.307029145835665
            0.576159944190332
        ]

    let private publishedGradients =
        [
            -0.000229451909878624
            0.000426583433503455
            -0.00035937069569135
            0.0016105892898339
            0.00571019949926838
        ]

    /// y₁ ... y₅ from scalars w₁ ... w₅.
    let outputs (weights: Tensor list) : Tensor list =
        weights
        |> List.scan (fun input weight -> Tensor.sigmoid (weight * input)) (Tensor.full Float64 [] 1.0)
        |> List.tail

    /// ½ (y₅ − ½)².
    let loss (weights: Tensor list) =
        0.5 * Tensor.square (List.last (outputs weights) - 0.5)

    let private rows name (published: float list) (found: Tensor list) =
        List.zip published found
        |> List.mapi (fun i (published, found) -> Row.measured (name (i + 1)) (found.ToScalar()) |> Row.agrees 13 published)

    /// Sizes of the gradients by weight, on a logarithmic scale.
    let private chart (gradients: Tensor list) =
        let layers = gradients |> List.mapi (fun i _ -> float (i + 1))
        let sizes = gradients |> List.map (fun gradient -> abs (gradient.ToScalar()))

        Charts.Lines(
            "Gradients in a chain of five sigmoid units",
            "weight, from the input to the error",
            "size of ∂E/∂w",
            [ Series("|∂E/∂w|", List.toArray layers, List.toArray sizes) ],
            logY = true
        )

    let experiment =
        {
            Id = "vanishing-gradient"
            Title = "outputs and gradients of a chain of five sigmoid units"
            Source = "Lecture 19.3, the problem of vanishing gradients"
            Needs = []
            Seeds = 1
            Run =
                fun context ->
                    let w = weights |> List.map (Tensor.full Float64 [])
                    let gradients = grad loss w
                    (chart gradients).SaveSvg(Context.path "gradients.svg" context)

                    rows (fun i -> $"y{i}") publishedOutputs (outputs w)
                    @ rows (fun i -> $"∂E/∂w{i}") publishedGradients gradients
        }
