namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// Eigenvalues and eigenvectors against their definition and closed forms.
type EigenTests() =
    /// A = Σ λ vᵀv, with orthonormal v and descending λ.
    static let check (matrix: float[][]) =
        let eigen = Eigen.symmetric matrix
        let size = matrix |> Array.map (Array.map abs >> Array.max) |> Array.max
        let scale = if size = 0.0 then 1.0 else size
        let tolerance = 1e-14 * float (matrix.Length + 10)
        Matrices.descending eigen.Values
        Matrices.orthonormal tolerance eigen.Vectors

        let found =
            Matrices.compose (eigen.Values |> Array.map (fun value -> value / scale)) eigen.Vectors eigen.Vectors

        Matrices.close "matrix" tolerance (matrix |> Array.map (Array.map (fun x -> x / scale))) found
        eigen

    static let symmetric seed n =
        let a = Matrices.normal seed n n
        Array.init n (fun i -> Array.init n (fun j -> a[i][j] + a[j][i]))

    static let diagonal (values: float list) =
        [|
            for i in 0 .. values.Length - 1 -> [| for j in 0 .. values.Length - 1 -> if i = j then values[i] else 0.0 |]
        |]

    [<Fact>]
    member _.``a matrix is the sum of its parts, whatever its size``() =
        for n in [ 1; 2; 3; 4; 7; 16; 33; 60 ] do
            check (symmetric (int64 n) n) |> ignore

    [<Fact>]
    member _.``values far apart, equal, zero and negative are all found``() =
        let turned (values: float list) =
            let vectors = (Eigen.symmetric (symmetric 5L values.Length)).Vectors
            check (Matrices.compose (List.toArray values) vectors vectors)

        let values = [ 1e6; 3.0; 3.0; 3.0; 1e-7; 0.0; -2.0; -1e3 ]
        Close.check "values" 1e-9 (List.toArray values) (turned values).Values
        check (diagonal [ 2.0; -1.0; 5.0; 5.0 ]) |> ignore
        check (diagonal [ 0.0; 0.0; 0.0 ]) |> ignore
        check (Array.create 40 (Array.create 40 1.0)) |> ignore

    [<Fact>]
    member _.``the scale of the numbers does not matter``() =
        let matrix = symmetric 6L 9

        for scale in [ 1e-200; 1e-30; 1e200 ] do
            let eigen = check (matrix |> Array.map (Array.map (fun x -> scale * x)))

            Close.check "values" 1e-13 (Eigen.symmetric matrix).Values (eigen.Values |> Array.map (fun value -> value / scale))

    [<Fact>]
    member _.``the second difference has the values 2 − 2 cos kπ/(n + 1)``() =
        let n = 50

        let matrix =
            Array.init n (fun i ->
                Array.init n (fun j ->
                    if i = j then 2.0
                    elif abs (i - j) = 1 then -1.0
                    else 0.0))

        let expected =
            Array.init n (fun i -> 2.0 - 2.0 * cos (float (n - i) * Math.PI / float (n + 1)))

        Close.check "values" 1e-14 expected (check matrix).Values

    [<Fact>]
    member _.``what is not square or not finite is refused``() =
        throws<ShapeException>(fun () -> Eigen.symmetric [| [| 1.0; 2.0 |] |] |> ignore)
        |> ignore

        let fault =
            throws<ArgumentException>(fun () -> Eigen.symmetric [| [| nan |] |] |> ignore)

        Assert.Contains("not finite", fault.Message)
