namespace Functional.Core.Tests

open Functional.Core

/// How rows of the table of operations are written.
module OpRow =
    let row name domains shapes run =
        {
            Name = name
            Domains = domains
            Shapes = shapes
            Run = run
            IsSmooth = true
            TakesIntegers = false
            Tolerance = 1e-5
        }

    let one name domain shapes (f: Tensor -> Tensor) =
        row name [ domain ] (shapes |> List.map List.singleton) (fun _ x -> f x[0])

    let two name domains shapes (f: Tensor -> Tensor -> Tensor) =
        row name domains shapes (fun _ x -> f x[0] x[1])

    let constant name (f: DType -> Tensor) =
        row name [] [ [] ] (fun dtype _ -> f dtype)

    let integers case = { case with TakesIntegers = true }

    let flat case = { case with IsSmooth = false }

    let within tolerance case = { case with Tolerance = tolerance }

    let any = Between(-2.0, 2.0)

    /// Scalars, empty, odd, longer than any vector and high rank; the last spans several tiles.
    let anyShapes =
        [
            []
            [ 7 ]
            [ 0 ]
            [ 3; 5 ]
            [ 2; 0; 3 ]
            [ 67 ]
            [ 2; 1; 3; 1; 2 ]
            [ 2; 4099 ]
        ]

    let pairs =
        [
            [ [ 3; 5 ]; [ 3; 5 ] ]
            [ [ 3; 5 ]; [ 5 ] ]
            [ [ 3; 1 ]; [ 1; 5 ] ]
            [ []; [ 4 ] ]
            [ [ 33 ]; [] ]
            [ [ 0; 3 ]; [ 3 ] ]
            [ [ 2; 0 ]; [ 1; 1 ] ]
            [ [ 2; 1; 3; 1; 2 ]; [ 4; 1; 2; 1 ] ]
            [ [ 2; 4099 ]; [ 4099 ] ]
        ]

    let unary name domain f = one name domain anyShapes f
    let binary name domain f = two name [ domain; domain ] pairs f
