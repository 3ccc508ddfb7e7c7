namespace Functional.Core

open System

/// A matrix as Σ Valuesᵢ·Leftᵢᵀ·Rightᵢ.
type Svd =
    {
        /// Not negative, from the largest down; as many as the shorter side has.
        Values: float[]
        /// Left singular vectors, a row each, orthonormal.
        Left: float[][]
        /// Right singular vectors, a row each; of unit length and orthogonal where the value is more than rounding, zeros where it is 0.
        Right: float[][]
    }

/// Singular values and vectors of small matrices in float64 by one-sided Jacobi rotations (Hestenes 1958): two rows at a time are turned
/// until all are orthogonal. Small values come out with as many digits as large ones.
[<RequireQualifiedAccess>]
module Svd =
    let private epsilon = Math.BitIncrement 1.0 - 1.0

    /// More sweeps than any matrix has been seen to take; six to ten are usual.
    let private mostSweeps = 60

    /// Turns two rows so that they are orthogonal, and gives whether they were not.
    let private orthogonalize (rows: float[][]) (turned: float[][]) i j : bool =
        let square (row: float[]) = Vectors.Dot(row, row)
        let squareI, squareJ = square rows[i], square rows[j]
        let product = Vectors.Dot(rows[i], rows[j])

        if abs product <= epsilon * sqrt squareI * sqrt squareJ then
            false
        else
            let slope = (squareJ - squareI) / (2.0 * product)
            let reach = abs slope + sqrt (1.0 + slope * slope)
            let tangent = 1.0 / (if slope < 0.0 then -reach else reach)
            let cos = 1.0 / sqrt (1.0 + tangent * tangent)
            Vectors.Rotate(cos, cos * tangent, rows[i], rows[j])
            Vectors.Rotate(cos, cos * tangent, turned[i], turned[j])
            true

    let private sweep (rows: float[][]) turned =
        let mutable isDone = true

        for i in 0 .. rows.Length - 2 do
            for j in i + 1 .. rows.Length - 1 do
                if orthogonalize rows turned i j then
                    isDone <- false

        isDone

    /// The decomposition of a matrix that is not taller than wide.
    let private ofWide (matrix: float[][]) : Svd =
        let rows = Array.map Array.copy matrix

        let turned =
            Array.init rows.Length (fun i -> Array.init rows.Length (fun j -> if i = j then 1.0 else 0.0))

        let mutable sweeps = 0

        while not (sweep rows turned) do
            sweeps <- sweeps + 1

            if sweeps = mostSweeps then
                Errors.state "Svd.thin" $"rows that are not orthogonal after {sweeps} sweeps" "orthogonal rows" ""

        let values = rows |> Array.map (fun row -> Vectors.Norm row)

        let order =
            Array.init rows.Length id |> Array.sortBy (fun i -> struct (-values[i], i))

        let unit i =
            if values[i] > 0.0 then
                rows[i] |> Array.map (fun x -> x / values[i])
            else
                rows[i]

        {
            Values = order |> Array.map (fun i -> values[i])
            Left = order |> Array.map (fun i -> turned[i])
            Right = order |> Array.map unit
        }

    /// The singular values and vectors of the rows of a matrix. Errors: shape, when rows differ in length or there are none; option, when
    /// a number is not finite.
    let thin (matrix: float[][]) : Svd =
        if
            matrix.Length = 0
            || matrix |> Array.exists (fun row -> row.Length <> matrix[0].Length)
        then
            Errors.shape "Svd.thin" "no rows, or rows that differ in length" "one row or more of one length" ""

        if not (Array.forall (Array.forall Double.IsFinite) matrix) then
            Errors.option "Svd.thin" "a number that is not finite" "finite numbers" ""

        if matrix.Length <= matrix[0].Length then
            ofWide matrix
        else
            let svd = ofWide (Array.transpose matrix)

            { svd with
                Left = svd.Right
                Right = svd.Left
            }
