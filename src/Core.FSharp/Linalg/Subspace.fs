namespace Functional.Core

open System

/// Spaces that the rows of a matrix span.
[<RequireQualifiedAccess>]
module Subspace =
    /// The rows of a matrix as float64 numbers.
    let internal rowsOf (matrix: Tensor) : float[][] =
        if matrix.Rank <> 2 then
            Errors.shape "Subspace" (Errors.show matrix.Shape) "a matrix, a vector in each row" "reshape it"

        let width = matrix.Shape[1]
        let values = matrix.ToFloat64s()

        if not (Array.forall Double.IsFinite values) then
            Errors.option "Subspace" "a number that is not finite" "finite numbers" ""

        Array.init matrix.Shape[0] (fun i -> Array.sub values (i * width) width)

    /// A float64 matrix of rows.
    let internal toMatrix (rows: float[][]) : Tensor =
        Tensor.ofFloat64s [ rows.Length; rows[0].Length ] (Array.concat rows)

    /// Takes the part along each row of `basis` out of `x`.
    let private remove (basis: ResizeArray<float[]>) (x: float[]) =
        for row in basis do
            Vectors.AddScaled(-Vectors.Dot(x, row), row, x)

    /// What is left of `x` across the basis, of unit length; none when it lies within.
    let private across (basis: ResizeArray<float[]>) (x: float[]) : float[] option =
        let rest = Array.copy x
        // Twice is enough: the second time takes out what rounding left.
        remove basis rest
        remove basis rest
        let before, after = Vectors.Norm x, Vectors.Norm rest

        if after > 1e-12 * before then
            Some(rest |> Array.map (fun element -> element / after))
        else
            None

    /// Orthonormal rows that span the same space in the same order (Gram-Schmidt, twice). A row that lies in the space of those before it
    /// is replaced by an axis that does not, so that there are as many rows as before.
    let internal orthonormalize (rows: float[][]) : float[][] =
        let basis = ResizeArray<float[]>()

        let axis width i =
            Array.init width (fun j -> if i = j then 1.0 else 0.0)

        let place (row: float[]) =
            match across basis row with
            | Some unit -> unit
            | None -> Seq.init row.Length (axis row.Length) |> Seq.choose (across basis) |> Seq.head

        for row in rows do
            basis.Add(place row)

        basis.ToArray()

    /// The angles in degrees between the spaces that the rows of two matrices span, [k; n] and [l; n] → the smaller of k and l numbers from
    /// the smallest up: 0 for a direction that both have, 90 for one across. Sines and cosines are both taken from singular values, so that
    /// no angle loses digits (Björck & Golub 1973). Errors: shape, when the rows differ in length or there are more than n.
    let angles (a: Tensor) (b: Tensor) : float[] =
        let a, b = rowsOf a, rowsOf b
        let few, many = if a.Length <= b.Length then a, b else b, a

        if
            few.Length = 0
            || few[0].Length <> many[0].Length
            || many.Length > many[0].Length
        then
            Errors.shape
                "Subspace.angles"
                $"[{a.Length}; {Array.length (Array.head a)}] and [{b.Length}; {Array.length (Array.head b)}]"
                "rows of one length, and no more rows than that"
                ""

        let few, many = orthonormalize few, orthonormalize many
        let along = Vectors.Products(few, many)

        let beyond =
            Array.map2
                (fun (x: float[]) weights ->
                    let rest = Vectors.Combine(Array.map (~-) weights, many)
                    Vectors.AddScaled(1.0, x, rest)
                    rest)
                few
                along

        let cosines, sines = (Svd.thin along).Values, Array.rev (Svd.thin beyond).Values
        Array.map2 (fun (sin: float) cos -> Math.Atan2(sin, cos) * 180.0 / Math.PI) sines cosines

    /// The largest of the `angles` between two spaces, in degrees.
    let angle (a: Tensor) (b: Tensor) : float = Array.max (angles a b)
