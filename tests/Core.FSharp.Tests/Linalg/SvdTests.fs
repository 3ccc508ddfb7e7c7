namespace Functional.Core.Tests

open Functional.Core
open Xunit

/// Singular values and vectors against their definition.
type SvdTests() =
    static let check (matrix: float[][]) =
        let svd = Svd.thin matrix
        Matrices.descending svd.Values
        Matrices.close "matrix" 1e-13 matrix (Matrices.compose svd.Values svd.Left svd.Right)
        svd

    [<Fact>]
    member _.``a matrix is the sum of its parts, wide, square or tall``() =
        for rows, columns in [ 1, 1; 1, 5; 5, 1; 4, 4; 3, 20; 20, 3; 30, 30 ] do
            let svd = check (Matrices.normal 3L rows columns)
            Assert.Equal(min rows columns, svd.Values.Length)
            Matrices.orthonormal 1e-13 svd.Left
            Matrices.orthonormal 1e-13 svd.Right

    [<Fact>]
    member _.``small values have as many digits as large ones``() =
        // Rows that are far apart in length: the products lose the small ones, the rotations do not.
        let left = (Eigen.symmetric (Matrices.squares (Matrices.normal 1L 9 4))).Vectors

        let right =
            (Eigen.symmetric (Matrices.squares (Matrices.normal 2L 9 6))).Vectors[..3]

        let values = [| 1.0; 1e-4; 1e-9; 1e-13 |]

        let scaled =
            Matrices.compose values (Array.init 4 (fun i -> Array.init 4 (fun j -> if i = j then 1.0 else 0.0))) right

        let svd = Svd.thin scaled
        Array.iter2 (fun (expected: float) found -> Assert.Equal(1.0, found / expected, 1e-13)) values svd.Values
        check (Matrices.compose values left right) |> ignore

    [<Fact>]
    member _.``rows that repeat leave values of zero``() =
        let row = [| 1.0; 2.0; 2.0 |]
        let svd = check [| row; row; Array.map (~-) row |]
        Assert.Equal(3.0 * sqrt 3.0, svd.Values[0], 1e-14)
        Close.check "the rest" 1e-15 [| 0.0; 0.0 |] svd.Values[1..]
