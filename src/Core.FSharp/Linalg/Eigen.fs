namespace Functional.Core

open System

/// A symmetric matrix as Σ Valuesᵢ·Vectorsᵢᵀ·Vectorsᵢ.
type Eigen =
    {
        /// From the largest down.
        Values: float[]
        /// A row for each value; orthonormal, of either sign.
        Vectors: float[][]
    }

/// Eigenvalues and eigenvectors of symmetric matrices in float64: Householder's reflections bring the matrix to three diagonals, plane
/// rotations with implicit shifts to one (Golub & Van Loan 2013, §8.3).
[<RequireQualifiedAccess>]
module Eigen =
    /// The spacing of float64 numbers at 1.
    let private epsilon = Math.BitIncrement 1.0 - 1.0

    /// More steps than any eigenvalue has been seen to take; two are usual.
    let private mostSteps = 60

    /// A vector v with |v|² = 2 for which (1 − v vᵀ)·x has a first element alone, and that element; zeros where x has it already.
    /// Elements of x are at most 1: what is left out is far below their rounding.
    let private reflector (x: float[]) : float[] * float =
        let tail = Vectors.Norm(ReadOnlySpan(x, 1, x.Length - 1))

        if tail <= epsilon * epsilon then
            Array.zeroCreate x.Length, x[0]
        else
            let size = Vectors.Norm x
            let first = if x[0] > 0.0 then -size else size
            let v = Array.copy x
            v[0] <- x[0] - first
            let scale = sqrt 2.0 / Vectors.Norm v
            Array.map (fun element -> scale * element) v, first

    /// Three diagonals with the same eigenvalues as `a`, which is overwritten: the main one, the one beside it, and the reflectors that
    /// lead there; reflector k acts on elements k + 1 and on.
    let private tridiagonalize (a: float[][]) : float[] * float[] * float[][] =
        let n = a.Length
        let beside = Array.zeroCreate n

        let reflect k =
            let v, first = reflector (Array.skip (k + 1) a[k])
            beside[k] <- first

            let image =
                Array.init v.Length (fun i -> Vectors.Dot(ReadOnlySpan(a[k + 1 + i], k + 1, v.Length), v))

            let half = 0.5 * Vectors.Dot(image, v)
            Vectors.AddScaled(-half, v, image)

            // (1 − v vᵀ) A (1 − v vᵀ) = A − v wᵀ − w vᵀ with w = A v − ½ (vᵀ A v) v.
            for i in 0 .. v.Length - 1 do
                let row = Span(a[k + 1 + i], k + 1, v.Length)
                Vectors.AddScaled(-v[i], image, row)
                Vectors.AddScaled(-image[i], v, row)

            v

        let reflectors = Array.init (max 0 (n - 2)) reflect

        if n > 1 then
            beside[n - 2] <- a[n - 2][n - 1]

        Array.init n (fun i -> a[i][i]), beside, reflectors

    /// The product of the reflections, as rows.
    let private basis n (reflectors: float[][]) : float[][] =
        let rows =
            Array.init n (fun i -> Array.init n (fun j -> if i = j then 1.0 else 0.0))

        for k in reflectors.Length - 1 .. -1 .. 0 do
            let v = reflectors[k]

            for i in k + 1 .. n - 1 do
                let row = Span(rows[i], k + 1, v.Length)
                Vectors.AddScaled(-Vectors.Dot(row, v), v, row)

        rows

    /// The last row of the block that begins at row `l`: no element beside the diagonal couples it to the next.
    let private blockEnd (diagonal: float[]) (beside: float[]) l =
        let isCoupled m =
            abs beside[m] > epsilon * (1.0 + abs diagonal[m] + abs diagonal[m + 1])

        let mutable m = l

        while m < diagonal.Length - 1 && isCoupled m do
            m <- m + 1

        m

    /// One implicit QL step on rows l .. m, with Wilkinson's shift: a rotation brings in an element off the three diagonals, and the others
    /// chase it out. The rows of `vectors` turn with them.
    let private step (diagonal: float[]) (beside: float[]) (vectors: float[][]) l m =
        let slope = (diagonal[l + 1] - diagonal[l]) / (2.0 * beside[l])
        let reach = abs slope + sqrt (1.0 + slope * slope)
        let shift = diagonal[l] - beside[l] / (if slope < 0.0 then -reach else reach)
        let mutable bulge = diagonal[m] - shift
        let mutable sin, cos, moved = 1.0, 1.0, 0.0
        let mutable i = m - 1
        let mutable isWhole = true

        while isWhole && i >= l do
            let off, rest = sin * beside[i], cos * beside[i]
            let length = sqrt (off * off + bulge * bulge)
            beside[i + 1] <- length

            if length = 0.0 then
                // The block falls apart here.
                diagonal[i + 1] <- diagonal[i + 1] - moved
                isWhole <- false
            else
                sin <- off / length
                cos <- bulge / length
                let left = diagonal[i + 1] - moved
                let turn = (diagonal[i] - left) * sin + 2.0 * cos * rest
                moved <- sin * turn
                diagonal[i + 1] <- left + moved
                bulge <- cos * turn - rest
                Vectors.Rotate(cos, sin, vectors[i], vectors[i + 1])
                i <- i - 1

        beside[m] <- 0.0

        if isWhole then
            diagonal[l] <- diagonal[l] - moved
            beside[l] <- bulge

    /// Turns three diagonals into one, and the rows of `vectors` with them.
    let private diagonalize (diagonal: float[]) (beside: float[]) (vectors: float[][]) =
        for l in 0 .. diagonal.Length - 1 do
            let mutable m = blockEnd diagonal beside l
            let mutable steps = 0

            while m > l do
                if steps = mostSteps then
                    Errors.state "Eigen.symmetric" $"no eigenvalue after {steps} steps" "one" ""

                step diagonal beside vectors l m
                steps <- steps + 1
                m <- blockEnd diagonal beside l

    /// All eigenvalues and eigenvectors of a symmetric matrix of n rows, in 4·n³ multiplications or so; values are right to n·2⁻⁵² of the
    /// largest. Errors: shape, when the matrix is not square; option, when a number is not finite.
    let symmetric (matrix: float[][]) : Eigen =
        let n = matrix.Length

        if n = 0 || matrix |> Array.exists (fun row -> row.Length <> n) then
            Errors.shape "Eigen.symmetric" $"{n} rows that are not of {n} numbers" "a square matrix" ""

        if not (Array.forall (Array.forall Double.IsFinite) matrix) then
            Errors.option "Eigen.symmetric" "a number that is not finite" "finite numbers" ""

        let scale = matrix |> Array.map (Array.map abs >> Array.max) |> Array.max
        let scale = if scale = 0.0 then 1.0 else scale

        let diagonal, beside, reflectors =
            matrix |> Array.map (Array.map (fun x -> x / scale)) |> tridiagonalize

        let vectors = basis n reflectors
        diagonalize diagonal beside vectors
        let order = Array.init n id |> Array.sortBy (fun i -> struct (-diagonal[i], i))

        {
            Values = order |> Array.map (fun i -> scale * diagonal[i])
            Vectors = order |> Array.map (fun i -> vectors[i])
        }
