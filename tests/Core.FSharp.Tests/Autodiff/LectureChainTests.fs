namespace Functional.Core.Tests

open Functional.Core
open Xunit

/// Five sigmoid units in a row, from the lecture on vanishing gradients: weights 1, −2, −2, −2, 1, no biases, input 1, target ½,
/// squared error ½(y − t)². Its numbers to 13 digits.
type LectureChainTests() =
    static let weights = [ 1.0; -2.0; -2.0; -2.0; 1.0 ]

    static let outputs =
        [
            0.731058578630005
            0.188143725087062
            0.407022630083087
            0.307029145835665
            0.576159944190332
        ]

    /// First weight first; the lecture prints them from the last.
    static let gradients =
        List.rev
            [
                0.00571019949926838
                0.0016105892898339
                -0.00035937069569135
                0.000426583433503455
                -0.000229451909878624
            ]

    static let activations (w: Tensor list) =
        w
        |> List.scan (fun x weight -> Tensor.sigmoid (weight * x)) (Tensor.full Float64 [] 1.0)
        |> List.tail

    static let loss w =
        0.5 * Tensor.square (List.last (activations w) - 0.5)

    static let onEachEngine (f: Tensor list -> Tensor list) (expected: float list) =
        let types = weights |> List.map (fun _ -> Float64, [||])
        let arguments = weights |> List.map (fun w -> Storage.ofFloat64 [| w |])

        for name, engine in TestEngines.all do
            let found =
                TestEngines.run engine (TestEngines.trace types f) arguments
                |> List.map (fun storage -> (Storage.toFloat64 storage)[0])

            for expected, found in List.zip expected found do
                Assert.True(abs (found - expected) <= 1e-13 * abs expected, $"{name}: {found:R}, the lecture has {expected:R}")

    [<Fact>]
    member _.``outputs of the chain``() = onEachEngine activations outputs

    [<Fact>]
    member _.``gradients of the chain``() = onEachEngine (grad loss) gradients
