namespace Functional.Core

open System
open System.Numerics
open System.Runtime.InteropServices

/// Loops over rows of float64 numbers, for the decompositions that are not graphs of tensors.
[<AbstractClass; Sealed>]
type internal Vectors private () =
    static let wide (x: ReadOnlySpan<float>) =
        MemoryMarshal.Cast<float, Vector<float>> x

    static let wideSpan (x: Span<float>) =
        MemoryMarshal.Cast<float, Vector<float>> x

    /// Σ aᵢ bᵢ.
    static member Dot(a: ReadOnlySpan<float>, b: ReadOnlySpan<float>) : float =
        let a' = wide a
        let b' = wide b
        let mutable sums = Vector<float>.Zero

        for i in 0 .. a'.Length - 1 do
            sums <- sums + a'[i] * b'[i]

        let mutable sum = Vector.Sum sums

        for i in a'.Length * Vector<float>.Count .. a.Length - 1 do
            sum <- sum + a[i] * b[i]

        sum

    /// √Σ aᵢ².
    static member Norm(a: ReadOnlySpan<float>) : float = sqrt (Vectors.Dot(a, a))

    /// y ← y + scale·x.
    static member AddScaled(scale: float, x: ReadOnlySpan<float>, y: Span<float>) : unit =
        let x' = wide x
        let y' = wideSpan y

        for i in 0 .. x'.Length - 1 do
            y'[i] <- y'[i] + scale * x'[i]

        for i in x'.Length * Vector<float>.Count .. x.Length - 1 do
            y[i] <- y[i] + scale * x[i]

    /// a ← cos·a − sin·b and b ← sin·a + cos·b: a turn in the plane of the two.
    static member Rotate(cos: float, sin: float, a: Span<float>, b: Span<float>) : unit =
        let a' = wideSpan a
        let b' = wideSpan b

        for i in 0 .. a'.Length - 1 do
            let x, y = a'[i], b'[i]
            a'[i] <- cos * x - sin * y
            b'[i] <- sin * x + cos * y

        for i in a'.Length * Vector<float>.Count .. a.Length - 1 do
            let x, y = a[i], b[i]
            a[i] <- cos * x - sin * y
            b[i] <- sin * x + cos * y

    /// Σ weightᵢ·rowᵢ.
    static member Combine(weights: float[], rows: float[][]) : float[] =
        let total: float[] = Array.zeroCreate rows[0].Length

        for i in 0 .. rows.Length - 1 do
            Vectors.AddScaled(weights[i], rows[i], total)

        total

    /// The dot products of every row of `a` with every row of `b`: a·bᵀ.
    static member Products(a: float[][], b: float[][]) : float[][] =
        a |> Array.map (fun x -> b |> Array.map (fun y -> Vectors.Dot(x, y)))
